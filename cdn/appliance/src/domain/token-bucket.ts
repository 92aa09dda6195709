export type TokenBucket = {
  /** Milliseconds to wait before going on, after having used `bytes` at `nowMs`. */
  use(bytes: number, nowMs: number): number;
};

/** Work may run ahead of the rate by this much, so that short pauses are not lost. */
const BURST_MS = 250;

/** A rate shared by all who use the bucket; each waits for its own bytes behind those of the others. */
export function tokenBucket(bytesPerSecond: number): TokenBucket {
  let paidUntilMs = -Infinity;
  return {
    use(bytes, nowMs) {
      paidUntilMs = Math.max(paidUntilMs, nowMs - BURST_MS) + (bytes / bytesPerSecond) * 1000;
      return Math.max(0, paidUntilMs - nowMs);
    },
  };
}
