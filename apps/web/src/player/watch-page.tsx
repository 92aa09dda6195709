import { useCallback, useEffect, useState, type ReactNode } from 'react';
import type { Refusal } from '@bioscope/playback/contract';
import { CallError } from '../api/call-error.ts';
import type { Doors } from '../api/doors.ts';
import { Icon } from '../design/icon.tsx';
import { Problem } from '../design/problem.tsx';
import { RefusalPanel } from '../refusal/refusal-panel.tsx';
import { goBack, goTo, parseRoute, pathOf } from '../router.ts';
import { startSession, type PlaySession } from '../session/play-session.ts';
import { text } from '../texts.ts';
import { Player } from './player.tsx';
import './player.css';
import { useNextEpisode, type NextEpisode } from './use-next-episode.ts';

type WatchPageProps = { doors: Doors; viewerId: string; titleId: string };
type Start =
  | { kind: 'starting' }
  | { kind: 'failed'; error: CallError }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'granted'; play: PlaySession; startMs: number };
/** Undefined: where the bookmark says. */
type Wish = { readonly startMs: number | undefined };

/** Asks for a play session, then plays. Trying again means a new session at the place where the old one stopped. */
export default function WatchPage({ doors, viewerId, titleId }: WatchPageProps): ReactNode {
  const [start, setStart] = useState<Start>({ kind: 'starting' });
  const [wish, setWish] = useState<Wish>(() => ({ startMs: window.location.hash === '#start' ? 0 : undefined }));
  const retry = (startMs = wish.startMs): void => {
    setStart({ kind: 'starting' });
    setWish({ startMs });
  };

  useEffect(() => {
    const leaving = new AbortController();
    const begin = async (): Promise<Start> => {
      try {
        const outcome = await startSession(doors.call, { titleId, viewerId }, leaving.signal);
        if (outcome.kind === 'refused') return outcome;
        return { ...outcome, startMs: wish.startMs ?? outcome.play.session.resumePositionMs };
      } catch (cause) {
        return { kind: 'failed', error: cause instanceof CallError ? cause : new CallError('no session', { failure: 'broken', cause }) };
      }
    };
    void begin().then((begun) => leaving.signal.aborted || setStart(begun));
    return () => leaving.abort();
  }, [doors, titleId, viewerId, wish]);

  useEffect(() => leaveFullscreen, []);
  const next = useNextEpisode(titleId);
  // In its place: Back leads to where the series was chosen, not through its episodes.
  const playNext = useCallback((episode: NextEpisode) => goTo(pathOf.watch(episode.id), 'replace'), []);
  const leave = (): void => goBack(pathOf.title(titleId));

  if (start.kind === 'granted')
    return (
      <Player
        key={start.play.session.sessionId}
        play={start.play}
        startMs={start.startMs}
        playOrigin={doors.hosts.play}
        leave={leave}
        home={() => goTo(pathOf.home)}
        retry={retry}
        next={next}
        playNext={playNext}
      />
    );
  return (
    <main className="watch-loading">
      <button type="button" className="icon-button watch-back" aria-label={text('player.back')} onClick={leave}>
        <Icon name="back" />
      </button>
      {start.kind === 'starting' ? <output className="spinner" aria-label={text('player.buffering')} /> : null}
      {start.kind === 'failed' ? <Problem error={start.error} retry={() => retry()} /> : null}
      {start.kind === 'refused' ? (
        <section className="problem">
          <RefusalPanel refusal={start.refusal} retry={() => retry()} />
        </section>
      ) : null}
    </main>
  );
}

/** Other pages do not fill the screen; the next episode does. */
function leaveFullscreen(): void {
  if (document.fullscreenElement !== null && parseRoute(window.location.pathname).kind !== 'watch')
    document.exitFullscreen().catch(() => undefined);
}
