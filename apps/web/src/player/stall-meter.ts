/** Measures frozen pictures: time in which the film should have moved on and did not. Seeks, pauses and the first start do not count. */
export type StallMeter = {
  /** To be called several times a second. */
  tick(sample: StallSample): void;
  reading(): StallReading;
};

export type StallSample = {
  readonly nowMs: number;
  readonly positionMs: number;
  /** False while paused, ended, seeking, or before the first picture. */
  readonly shouldAdvance: boolean;
};

export type StallReading = { readonly count: number; readonly longestMs: number; readonly totalMs: number; readonly stalled: boolean };

// Below this a viewer sees no more than a dropped frame, and sampling itself is no finer.
const NOTICEABLE_MS = 250;

export function createStallMeter(): StallMeter {
  let lastAdvance: { atMs: number; positionMs: number } | undefined;
  let current = 0;
  const ended = { count: 0, longestMs: 0, totalMs: 0 };

  const close = (): void => {
    if (current < NOTICEABLE_MS) return;
    ended.count += 1;
    ended.longestMs = Math.max(ended.longestMs, current);
    ended.totalMs += current;
  };

  return {
    tick({ nowMs, positionMs, shouldAdvance }) {
      if (shouldAdvance && lastAdvance !== undefined && lastAdvance.positionMs === positionMs) {
        current = nowMs - lastAdvance.atMs;
        return;
      }
      close();
      current = 0;
      lastAdvance = shouldAdvance ? { atMs: nowMs, positionMs } : undefined;
    },
    reading() {
      const stalled = current >= NOTICEABLE_MS;
      return {
        count: ended.count + (stalled ? 1 : 0),
        longestMs: Math.max(ended.longestMs, stalled ? current : 0),
        totalMs: ended.totalMs + (stalled ? current : 0),
        stalled,
      };
    },
  };
}
