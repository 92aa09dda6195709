/** Sessions that are open now, as far as one process hears of them. */
export type LiveSessions = {
  /** It began, or sent a heartbeat. */
  seen(sessionId: string, nowMs: number): void;
  ended(sessionId: string): void;
  count(nowMs: number): number;
};

/** As long as a stream's slot: whoever sends no heartbeat for two minutes is gone. */
const LIVE_MS = 120_000;
/** Some 15 MB; a process serves fewer players than that. */
export const SESSIONS_COUNTED_MAX = 100_000;

/** Of more than `sessionsMax` those that were heard of last are counted. */
export function liveSessions({ sessionsMax = SESSIONS_COUNTED_MAX }: { readonly sessionsMax?: number } = {}): LiveSessions {
  /** The one heard of longest ago comes first. */
  const heard = new Map<string, number>();
  const forget = (nowMs: number): void => {
    for (const [sessionId, atMs] of heard) {
      if (nowMs - atMs < LIVE_MS && heard.size <= sessionsMax) break;
      heard.delete(sessionId);
    }
  };
  return {
    seen(sessionId, nowMs) {
      heard.delete(sessionId);
      heard.set(sessionId, nowMs);
      forget(nowMs);
    },
    ended: (sessionId) => void heard.delete(sessionId),
    count(nowMs) {
      forget(nowMs);
      return heard.size;
    },
  };
}
