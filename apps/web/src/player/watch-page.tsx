import { useEffect, useState, type ReactNode } from 'react';
import type { Refusal } from '@bioscope/playback/contract';
import { CallError } from '../api/call-error.ts';
import type { Doors } from '../api/doors.ts';
import { Icon } from '../design/icon.tsx';
import { Problem } from '../design/problem.tsx';
import { goBack, goTo, pathOf } from '../router.ts';
import { startSession, type PlaySession } from '../session/play-session.ts';
import { refusalText } from '../session/refusal-text.ts';
import { refusalWords, text } from '../texts.ts';
import { Player } from './player.tsx';
import './player.css';

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
        <section className="problem" role="alert">
          <h1>{refusalWords(start.refusal.because).title}</h1>
          <p>{refusalText(start.refusal)}</p>
          <div className="actions">
            {start.refusal.because === 'unknown_title' ? null : (
              <button type="button" className="button button-light" onClick={() => retry()}>
                {text('action.retry')}
              </button>
            )}
            <button type="button" className="button" onClick={() => goTo(pathOf.home)}>
              {text('player.allFilms')}
            </button>
          </div>
        </section>
      ) : null}
    </main>
  );
}
