import { beginEvacuation } from './begin-run.ts';
import type { Begun } from './begin-run.ts';
import type { Course } from './course.ts';
import { isServing, measuredOf } from './outlook.ts';
import type { Outlook } from './outlook.ts';

/** A region that is ill this long is evacuated without asking: short illnesses pass, and name servers avoid the ill meanwhile. */
export const AUTOMATIC_AFTER_MS = 10_000;
/** After a run of the region, whoever began it: neither an operator's wish nor a run that was given up is turned at once. */
export const AUTOMATIC_AGAIN_AFTER_MS = 5 * 60_000;

/** What the service does by itself about ill regions: at most one run begins; `notes` say of each ill region why nothing happens. `id` is for the run. */
export function beginByItself(outlook: Outlook, id: string): { readonly begun: Begun | null; readonly notes: ReadonlyMap<string, string> } {
  const notes = new Map<string, string>();
  let first: Begun | null = null;
  for (const region of outlook.regions) {
    const health = outlook.healths.get(region);
    if (health === undefined || health.well || !isServing(outlook, region)) continue;
    // One that recovers is called ill for a while yet, but it is not left.
    if (outlook.nowMs - health.sinceMs < AUTOMATIC_AFTER_MS || health.doubtedSinceMs !== null) continue;
    const why = first === null ? begin(region, health.reason) : 'one region at a time';
    if (why !== '') notes.set(region, `not evacuated: ${why}`);
  }
  return { begun: first, notes };

  function begin(region: string, reason: string): string {
    if (outlook.nowMs - lastEndedAtMs(outlook.course, region) < AUTOMATIC_AGAIN_AFTER_MS)
      return `its last run ended less than ${AUTOMATIC_AGAIN_AFTER_MS / 60_000} minutes ago`;
    // A dead region's traffic is not served anyway: it can only get better elsewhere, whatever the capacity.
    const force = measuredOf(outlook, region).reporting === 0;
    const outcome = beginEvacuation(outlook, { id, region, reason, by: '', force });
    if (outcome.kind === 'refused') return outcome.text;
    first = outcome;
    return '';
  }
}

function lastEndedAtMs({ runs }: Course, region: string): number {
  return runs.findLast((run) => run.region === region)?.ended?.atMs ?? Number.NEGATIVE_INFINITY;
}
