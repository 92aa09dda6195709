import { PlaybackService, type Stream } from '@bioscope/playback/contract';
import { useEffect, useState, type ReactNode } from 'react';
import { timeOfDay } from '../design/format.ts';
import { operation } from '../graph/operation.ts';
import { useHouse } from '../member/member-context.tsx';
import { locale, text } from '../texts.ts';
import streams from './streams.graphql';

type Named = {
  readonly sessionId: string;
  readonly title: { readonly name: string } | null;
  readonly profile: { readonly name: string } | null;
};
const STREAMS = operation<{ readonly streams: readonly Named[] | null }>(streams);

type WhoWatchesProps = {
  streams: readonly Stream[];
  /** One of them was stopped. */
  stopped: () => void;
};

/** Who is watching on the account now, each with a button that ends it. Names follow when the graph has them; without it the list is there all the same. */
export function WhoWatches({ streams: watching, stopped }: WhoWatchesProps): ReactNode {
  const { doors } = useHouse();
  const [named, setNamed] = useState<readonly Named[]>([]);
  const [state, setState] = useState<'asking' | 'stopping' | 'failed'>('asking');
  useEffect(() => {
    const leaving = new AbortController();
    doors
      .ask(STREAMS, {}, { signal: leaving.signal, partly: true })
      .then((answer) => setNamed(answer.streams ?? []))
      .catch(() => undefined);
    return () => leaving.abort();
  }, [doors]);
  const stop = async (sessionId: string): Promise<void> => {
    setState('stopping');
    try {
      await doors.call(PlaybackService.method.stopStream, { sessionId });
      stopped();
    } catch {
      setState('failed');
    }
  };
  return (
    <section className="who-watches" aria-labelledby="who-watches-heading">
      <h2 id="who-watches-heading">{text('player.watchingNow')}</h2>
      <ul>
        {watching.map(({ sessionId, sinceMs }) => {
          const names = named.find((each) => each.sessionId === sessionId);
          const title = names?.title?.name ?? '…';
          const profile = names?.profile?.name ?? '…';
          return (
            <li key={sessionId}>
              <span>
                <strong>
                  <bdi>{title}</bdi>
                </strong>
                <small>{text('player.watchedBy', { profile, time: timeOfDay(sinceMs, locale()) })}</small>
              </span>
              <button
                type="button"
                className="button"
                disabled={state === 'stopping'}
                aria-label={text('player.stopScreenName', { title, profile })}
                onClick={() => void stop(sessionId)}
              >
                {text('player.stopScreen')}
              </button>
            </li>
          );
        })}
      </ul>
      {state === 'failed' ? <p role="alert">{text('problem.busy.text')}</p> : null}
    </section>
  );
}
