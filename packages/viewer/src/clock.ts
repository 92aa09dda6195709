/** Time for everything that viewers do, deadlines of requests included. */
export type Clock = {
  /** Whole milliseconds that never run backwards. */
  nowMs(): number;
  /** Runs once, unless cancelled by the function that comes back. */
  after(ms: number, run: () => void): () => void;
};

/** Time as it is. */
export const CLOCK: Clock = clockOf(1);

/** A day of viewing in a test's seconds: everything, patience and deadlines too, passes `times` as fast. */
export function clockOf(times: number): Clock {
  const beganMs = performance.now();
  const offsetMs = Date.now();
  return {
    nowMs: () => offsetMs + Math.floor((performance.now() - beganMs) * times),
    after(ms, run) {
      const timer = setTimeout(run, Math.max(0, ms / times));
      return () => clearTimeout(timer);
    },
  };
}

/** Resolves after the time, or at once when the signal aborts: who waits looks at the signal. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.after(ms, end);
    signal.addEventListener('abort', end, { once: true });
  });
}
