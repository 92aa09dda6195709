import { directedOf } from './course.ts';
import type { CourseEvent } from './course.ts';
import { DNS_GRACE_MS } from './evacuate.ts';
import { percent } from './health.ts';
import { isServing, isWell, measuredOf, receiversFor } from './outlook.ts';
import type { Outlook } from './outlook.ts';

/** Of a region's capacity: above the one it gets less, below the other more again. Far apart, or what was moved would move back and forth. */
const TOO_MUCH = 0.9;
const LITTLE = 0.6;
/** Where what is moved arrives, there must be room for it. */
const ROOM_BELOW = 0.75;
const STEP = 0.1;
/** Clients nearest to a region never leave it all for its load: then it would be evacuated, not relieved. */
const RELIEF_MIN = 0.2;
/** One gateway answers some hundred times as many. */
const HARDLY_ANYBODY_PER_SECOND = 5;
/** A busy hour does not end with one quiet minute. */
const RETURN_AFTER_MS = 120_000;

/**
 * A tenth of its client networks for a region that has too much or little to do, one region at a time, each change given the time that resolvers need before the next. What is not
 * served near is served farther away; it is not refused.
 */
export function relieve(outlook: Outlook, dnsTtlMs: number): readonly CourseEvent[] {
  for (const region of outlook.regions) {
    if (!isServing(outlook, region) || !isWell(outlook, region)) continue;
    const { relief, relievedAtMs } = directedOf(outlook.course, region);
    const sinceMs = outlook.nowMs - relievedAtMs;
    const used = utilisation(outlook, region);
    const lowered = rounded(relief - STEP);
    if (used > TOO_MUCH && lowered >= RELIEF_MIN && sinceMs >= dnsTtlMs + DNS_GRACE_MS && hasRoom(outlook, region))
      return [changed(region, lowered, `Region ${region} is used to ${percent(used)}: DNS sends it ${percent(lowered)} of its networks.`)];
    if (used < LITTLE && relief < 1 && sinceMs >= RETURN_AFTER_MS) {
      const raised = rounded(relief + STEP);
      return [
        changed(region, raised, `Region ${region} is used to ${percent(used)} only: DNS sends it ${percent(raised)} of its networks.`),
      ];
    }
  }
  return [];

  function changed(region: string, relief: number, text: string): CourseEvent {
    return { type: 'region.relieved', region, atMs: outlook.nowMs, relief, text };
  }
}

function hasRoom(outlook: Outlook, region: string): boolean {
  const receivers = receiversFor(outlook, region);
  return receivers.length > 0 && receivers.every((receiver) => utilisation(outlook, receiver) < ROOM_BELOW);
}

/** By requests where the capacity is known, else by what the gateways feel; what they feel while hardly anybody comes is of their own making, such as their start. */
function utilisation(outlook: Outlook, region: string): number {
  const { capacityPerSecond, servedPerSecond, load } = measuredOf(outlook, region);
  if (capacityPerSecond > 0) return servedPerSecond / capacityPerSecond;
  return servedPerSecond < HARDLY_ANYBODY_PER_SECOND ? 0 : load;
}

function rounded(relief: number): number {
  return Math.round(relief * 10) / 10;
}
