/** Lets long polls wait for the next change of something. */
export type Change = {
  announce(): void;
  /** Resolves at the next announcement, after `waitMs`, or when the caller gives up; the caller looks again which it was. */
  next(waitMs: number, signal?: AbortSignal): Promise<void>;
};

/** Each waiter is one open long poll; more than this is a client gone wild, which is then answered at once. */
const WAITERS_MAX = 1_000;

export function newChange(): Change {
  const waiters = new Set<() => void>();
  return {
    announce() {
      for (const wake of waiters) wake();
    },
    next(waitMs, signal) {
      if (waitMs <= 0 || signal?.aborted === true || waiters.size >= WAITERS_MAX) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          waiters.delete(wake);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, waitMs);
        waiters.add(wake);
        signal?.addEventListener('abort', wake, { once: true });
      });
    },
  };
}
