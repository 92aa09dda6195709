import { newChange } from './change.ts';

/** A time after the start during which nothing is concluded from silence. */
export function settling(durationMs: number): { wait(signal: AbortSignal): Promise<void>; stop(): void } {
  const change = newChange();
  let isOver = false;
  const end = (): void => {
    isOver = true;
    change.announce();
  };
  const timer = setTimeout(end, durationMs);
  return {
    async wait(signal) {
      if (!isOver) await change.next(durationMs, signal);
    },
    stop() {
      clearTimeout(timer);
      end();
    },
  };
}
