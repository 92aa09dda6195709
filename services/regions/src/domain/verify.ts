import { rounded } from './check-capacity.ts';
import type { Run, Verification } from './course.ts';
import { percent } from './health.ts';
import type { Measured } from './measure.ts';

/** Of what arrived before. Programs with an address written into them never go away. */
const NEARLY_NOBODY_SHARE = 0.01;
/** Where little arrived before, one request in two seconds is nearly nobody too. */
const NEARLY_NOBODY_PER_SECOND = 0.5;

/** Whether a region is empty: nearly nobody arrives, and what arrives is not served there. */
export function verify(run: Run, here: Measured, dnsAtMs: number): Verification {
  const before = run.arrivedPerSecondBefore;
  const after = here.arrivedPerSecond;
  const servedHerePerSecond = Math.max(0, after - here.bridgedPerSecond);
  const most = Math.max(NEARLY_NOBODY_PER_SECOND, before * NEARLY_NOBODY_SHARE);
  const measured = here.reporting > 0;
  const passed = measured && after <= most && servedHerePerSecond <= most;
  const secondsUntilLastArrival = secondsBetween(run.startedAtMs, here.lastArrivalAtMs);
  const share = before > 0 ? Math.min(1, after / before) : 0;
  return {
    passed,
    measured,
    arrivedPerSecondBefore: before,
    arrivedPerSecondAfter: after,
    shareStillArriving: share,
    servedHerePerSecond,
    secondsUntilLastArrival,
    secondsFromDnsToLastArrival: secondsBetween(dnsAtMs, here.lastArrivalAtMs),
    text: measured
      ? `${rounded(after)} of ${rounded(before)} requests per second still arrive (${percent(share)}), ${rounded(servedHerePerSecond)} are served here; the last came ${secondsUntilLastArrival} s after the start.`
      : 'No gateway of the region reports: what still arrives there meets nobody and cannot be counted.',
  };
}

function secondsBetween(fromMs: number, toMs: number): number {
  return Math.max(0, Math.round((toMs - fromMs) / 100) / 10);
}
