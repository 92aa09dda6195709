/** Long polls answer at least this often, so that proxies between do not take them for dead. */
const WAIT_MS_MAX = 20_000;
/** The answer leaves this long before the caller stops waiting. */
const ANSWER_MARGIN_MS = 100;

/** When a long poll that may wait `waitMs` has to answer. */
export function waitEnd(nowMs: number, waitMs: number, deadlineAtMs: number): number {
  return Math.min(nowMs + Math.min(waitMs, WAIT_MS_MAX), deadlineAtMs - ANSWER_MARGIN_MS);
}
