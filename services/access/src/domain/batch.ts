import type { Verdict } from './verdict.ts';

/** When nothing is granted: who asks may be doing something about it. */
const NOTHING_GRANTED_MS = 10_000;

/** When the first of the verdicts changes by time, as far as is known. */
export function batchUntil(verdicts: readonly Verdict[], nowMs: number): number {
  const ends = verdicts.map((verdict) => (verdict.kind === 'granted' ? verdict.untilMs : verdict.liftsAtMs)).filter((end) => end > nowMs);
  const isAnyGranted = verdicts.some(({ kind }) => kind === 'granted');
  return Math.min(...ends, isAnyGranted ? Number.MAX_SAFE_INTEGER : nowMs + NOTHING_GRANTED_MS);
}

/** How often each outcome: "granted" or a refusal. */
export function countOutcomes(verdicts: readonly Verdict[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const verdict of verdicts) {
    const outcome = outcomeOf(verdict);
    counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

export function outcomeOf(verdict: Verdict): string {
  return verdict.kind === 'granted' ? 'granted' : verdict.because;
}
