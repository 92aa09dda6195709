/** Longer than any pause of a healthy process, shorter than the shortest lease. */
const GAP_MS_MAX = 1_000;

/**
 * Monotonic time that stands still while this process does not run (paused, or starved of CPU): in that time nobody could renew a lease here, which says
 * nothing about who is alive. It must be read several times a second.
 */
export function createAwakeClock(monotonicMs: () => number): () => number {
  let seenMs = monotonicMs();
  let asleepMs = 0;
  return () => {
    const nowMs = monotonicMs();
    const gapMs = nowMs - seenMs;
    if (gapMs > GAP_MS_MAX) asleepMs += gapMs;
    seenMs = nowMs;
    return nowMs - asleepMs;
  };
}
