import { SILENT_AFTER_MS } from './measure.ts';
import type { Measured } from './measure.ts';

/** What is held of a region's health, with what may be about to change it. */
export type Health = {
  readonly well: boolean;
  readonly sinceMs: number;
  /** "" while well. */
  readonly reason: string;
  /** Since when the opposite is seen; null while nothing speaks against it. */
  readonly doubtedSinceMs: number | null;
};

/** Beside the 3 s of silence: one bad second takes nobody out. */
export const ILL_AFTER_MS = 2_000;
/** What has just failed has to hold for longer than it took to fall. */
export const WELL_AFTER_MS = 10_000;
/** Ordinary faults of one service stay well below; a region that fails a fifth is worse than a farther one. */
const ERROR_RATE_MAX = 0.2;
const JUDGED_MIN = 20;
const START_FAILURE_RATE_MAX = 0.5;
const STARTS_JUDGED_MIN = 10;

export function wellSince(nowMs: number): Health {
  return { well: true, sinceMs: nowMs, reason: '', doubtedSinceMs: null };
}

/** The health after a look. Silence counts only from `listeningSinceMs` on: who did not listen did not hear. */
export function judgeHealth(
  held: Health,
  measured: Measured,
  { nowMs, listeningSinceMs }: { nowMs: number; listeningSinceMs: number },
): Health {
  const complaint = complaintAbout(measured, nowMs, listeningSinceMs);
  // The reason stays the first one: with its figures in it, it would be news every second.
  if ((complaint === '') === held.well) return { ...held, doubtedSinceMs: null };
  const doubtedSinceMs = held.doubtedSinceMs ?? nowMs;
  if (nowMs - doubtedSinceMs < (held.well ? ILL_AFTER_MS : WELL_AFTER_MS)) return { ...held, doubtedSinceMs };
  return { well: !held.well, sinceMs: nowMs, reason: complaint, doubtedSinceMs: null };
}

function complaintAbout(measured: Measured, nowMs: number, listeningSinceMs: number): string {
  if (measured.reporting === 0) {
    const silentMs = nowMs - Math.max(measured.lastReportAtMs, listeningSinceMs);
    if (silentMs < SILENT_AFTER_MS) return '';
    const gateways = measured.gateways.length;
    return gateways === 0 ? 'no gateway has reported yet' : `none of its ${gateways} gateways reports`;
  }
  if (measured.judged >= JUDGED_MIN && measured.errorRate >= ERROR_RATE_MAX)
    return `${percent(measured.errorRate)} of its requests fail (${percent(ERROR_RATE_MAX)} are too many)`;
  if (measured.startsJudged >= STARTS_JUDGED_MIN && measured.startFailureRate >= START_FAILURE_RATE_MAX)
    return `${percent(measured.startFailureRate)} of its streams do not start (${percent(START_FAILURE_RATE_MAX)} are too many)`;
  return '';
}

export function percent(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}
