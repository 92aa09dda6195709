import type { Clock } from '../clock.ts';
import type { CountedSession, Recorder, Watching } from '../figures/meter.ts';

/** One person in front of one film: from pressing play until it is over, for whatever reason. */
export type Sitting = {
  /** Aborts when it is over. */
  readonly signal: AbortSignal;
  /** The first frame. */
  begun(watching: Watching): void;
  /** The first reason counts; later ones are not heard. */
  over(why: Ending): void;
};

/** `closed`: viewers are being stopped. `enough`: watched to the end, or for as long as one wanted. */
export type Ending = 'closed' | 'enough' | 'refused' | 'trouble';

export type SittingNeeds = {
  readonly clock: Clock;
  readonly record: Recorder;
  /** Who has waited so long for a first frame goes away. */
  readonly startPatienceMs: number;
  readonly leave: AbortSignal;
};

/** Counts the start, and how it ends. */
export function sitDown({ clock, record, startPatienceMs, leave }: SittingNeeds): Sitting {
  const pressedAtMs = clock.nowMs();
  const start = record.start();
  const ending = new AbortController();
  let session: CountedSession | undefined;

  const over = (why: Ending): void => {
    if (ending.signal.aborted) return;
    if (session === undefined) start.over(BEFORE_A_FRAME[why]);
    else session.over(why === 'closed' || why === 'enough' ? 'left' : 'broken');
    cancelPatience();
    leave.removeEventListener('abort', close);
    ending.abort();
  };
  const close = (): void => over('closed');
  const cancelPatience = clock.after(startPatienceMs, () => over('trouble'));
  if (leave.aborted) close();
  else leave.addEventListener('abort', close, { once: true });

  return {
    signal: ending.signal,
    begun(watching) {
      if (session !== undefined || ending.signal.aborted) return;
      cancelPatience();
      const nowMs = clock.nowMs();
      session = start.begun(nowMs, nowMs - pressedAtMs, watching);
    },
    over,
  };
}

const BEFORE_A_FRAME = { closed: 'closed', enough: 'closed', refused: 'refused', trouble: 'failed' } as const;
