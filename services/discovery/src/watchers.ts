/** Those who wait for changes. */
export type Watchers = {
  /** Resolves at the next `wake`, after `waitMs`, when the signal aborts; at once when too many wait already. */
  wait(waitMs: number, signal: AbortSignal): Promise<void>;
  wake(): void;
};

/** One per process of a deployment; more would be a caller that does not stop asking. */
const WATCHERS_MAX = 10_000;

export function createWatchers(): Watchers {
  const waiting = new Set<() => void>();
  return {
    wait(waitMs, signal) {
      if (signal.aborted || waiting.size >= WATCHERS_MAX) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timeout);
          signal.removeEventListener('abort', wake);
          waiting.delete(wake);
          resolve();
        };
        const timeout = setTimeout(wake, waitMs);
        signal.addEventListener('abort', wake, { once: true });
        waiting.add(wake);
      });
    },
    wake() {
      for (const wake of waiting) wake();
    },
  };
}
