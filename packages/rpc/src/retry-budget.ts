export type RetryBudget = {
  /** Called once per call, not per attempt. */
  called(): void;
  /** Takes the right to one retry, or says no. */
  spend(): boolean;
};

/** A fault that hits every call may add at most this share of load. */
const SHARE = 0.1;
/** Per second, so that a client of few calls may retry at all, and often enough to find out (5 failures) that an instance is to be left out. */
const FLOOR_PER_SECOND = 10;
/** Saved up in good times: short outages are bridged, long ones are not made worse. */
const SAVED_MAX = 100;

/** A token bucket as in Finagle's retry budgets, with its floor: calls earn, retries spend. `nowMs` is monotonic. */
export function createRetryBudget(nowMs: () => number): RetryBudget {
  let saved = FLOOR_PER_SECOND;
  let filledAtMs = nowMs();
  return {
    called() {
      saved = Math.min(saved + SHARE, SAVED_MAX);
    },
    spend() {
      const now = nowMs();
      // The floor never lifts the balance over one second's worth: only calls save up more.
      if (saved < FLOOR_PER_SECOND) saved = Math.min(saved + ((now - filledAtMs) / 1_000) * FLOOR_PER_SECOND, FLOOR_PER_SECOND);
      filledAtMs = now;
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
