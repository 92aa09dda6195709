/** Tokens that are no longer good although they have not expired. */
export type Revocations = {
  isRevoked(token: { readonly accountId: string; readonly sessionId: string; readonly epoch: number }): boolean;
  /** All tokens of the account with lower epochs. Older news change nothing. */
  raiseEpoch(news: { readonly accountId: string; readonly epoch: number; readonly atMs: number }): void;
  endSession(news: { readonly sessionId: string; readonly atMs: number }): void;
  size(): number;
};

/** Longer than any token lives (an hour at most): what was revoked before that has expired by itself. */
const KEPT_MS = 3_900_000;
/** Some 100 bytes each. More than this within an hour is an attack on identity itself; the oldest go first, and those tokens live to their end. */
const KEPT_MAX = 1_000_000;
const SWEPT_AT_ONCE = 2;

export function createRevocations(nowMs: () => number): Revocations {
  const epochs = new Map<string, { epoch: number; atMs: number }>();
  const sessions = new Map<string, { atMs: number }>();

  /** Maps are in the order of insertion, so the oldest come first. A few with each addition keep them small. */
  function sweep(map: Map<string, { atMs: number }>): void {
    let swept = 0;
    for (const [key, { atMs }] of map) {
      if (swept >= SWEPT_AT_ONCE || (map.size <= KEPT_MAX && atMs + KEPT_MS > nowMs())) return;
      map.delete(key);
      swept += 1;
    }
  }

  return {
    isRevoked({ accountId, sessionId, epoch }) {
      const raised = epochs.get(accountId);
      return (raised !== undefined && epoch < raised.epoch) || sessions.has(sessionId);
    },
    raiseEpoch({ accountId, epoch, atMs }) {
      if ((epochs.get(accountId)?.epoch ?? 0) >= epoch) return;
      epochs.delete(accountId);
      epochs.set(accountId, { epoch, atMs });
      sweep(epochs);
    },
    endSession({ sessionId, atMs }) {
      sessions.delete(sessionId);
      sessions.set(sessionId, { atMs });
      sweep(sessions);
    },
    size: () => epochs.size + sessions.size,
  };
}
