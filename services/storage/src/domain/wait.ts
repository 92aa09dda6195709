/** What a caller may wait at most; below the 60 s that a call may last. */
const WAIT_MS_MAX = 30_000;

export function waitMsOf(asked: number): number {
  return asked > 0 ? Math.min(asked, WAIT_MS_MAX) : 0;
}
