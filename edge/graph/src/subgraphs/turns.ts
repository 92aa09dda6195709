/** Lets at most `atOnceMax` run at a time and `waitingMax` wait, in the order in which they came. */
export type Turns = {
  /** Undefined when too many wait, or when the signal aborts first. Each turn taken must be given back once. */
  take(signal: AbortSignal): Promise<(() => void) | undefined>;
};

export function turns({ atOnceMax, waitingMax }: { readonly atOnceMax: number; readonly waitingMax: number }): Turns {
  let running = 0;
  const waiting = new Set<() => void>();

  function giveBack(): void {
    const next = waiting.values().next();
    if (next.done === true) running -= 1;
    else next.value();
  }

  return {
    async take(signal) {
      if (running < atOnceMax) {
        running += 1;
        return giveBack;
      }
      if (waiting.size >= waitingMax || signal.aborted) return undefined;
      return await new Promise((resolve) => {
        const called = (): void => settle(giveBack);
        const late = (): void => settle(undefined);
        const settle = (turn: (() => void) | undefined): void => {
          waiting.delete(called);
          signal.removeEventListener('abort', late);
          resolve(turn);
        };
        waiting.add(called);
        signal.addEventListener('abort', late, { once: true });
      });
    },
  };
}
