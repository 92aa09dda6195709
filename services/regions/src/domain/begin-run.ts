import { capacityText, checkCapacity } from './check-capacity.ts';
import { activeRun, directedOf } from './course.ts';
import type { CourseEvent, RunBegun, RunKind } from './course.ts';
import { isWell, measuredOf, receiversFor } from './outlook.ts';
import type { Outlook } from './outlook.ts';

export const REFUSAL_CODES = ['unknown_region', 'only_serving_region', 'capacity', 'another_run', 'already', 'ill'] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];
export type Refusal = {
  readonly kind: 'refused';
  readonly code: RefusalCode;
  readonly text: string;
  readonly neededPerSecond: number;
  readonly sparePerSecond: number;
};
export type Begun = { readonly kind: 'begun'; readonly events: readonly CourseEvent[] };

export type Wanted = {
  readonly id: string;
  readonly region: string;
  readonly reason: string;
  readonly by: string;
  readonly force: boolean;
};

/** Whether a region may be evacuated now: the run's first events, or why not. */
export function beginEvacuation(outlook: Outlook, wanted: Wanted): Begun | Refusal {
  const { region } = wanted;
  const refused = refuseRun(outlook, 'evacuate', region);
  if (refused !== undefined) return refused;
  const receivers = receiversFor(outlook, region);
  if (receivers.length === 0)
    return refusal('only_serving_region', `${region} is the only region that serves and is well; restore or mend another one first`);
  const check = checkCapacity(outlook, region, receivers);
  const text = capacityText(check, receivers);
  if (!check.enough && !wanted.force)
    return {
      ...refusal('capacity', `${text}; add instances there, or evacuate with force`),
      neededPerSecond: check.neededPerSecond,
      sparePerSecond: check.sparePerSecond,
    };
  return begun(outlook, 'evacuate', wanted, receivers, `${text}${check.enough ? '' : ' (forced)'}.`);
}

/** Whether a region may be brought back now: the run's first events, or why not. */
export function beginRestore(outlook: Outlook, wanted: Wanted): Begun | Refusal {
  const { region } = wanted;
  const refused = refuseRun(outlook, 'restore', region);
  if (refused !== undefined) return refused;
  const well = isWell(outlook, region) && measuredOf(outlook, region).reporting > 0;
  const why = outlook.healths.get(region)?.reason;
  if (!well && !wanted.force)
    return refusal(
      'ill',
      `${region} is ill: ${why === undefined || why === '' ? 'no gateway reports' : why}; mend it, or restore with force`,
    );
  const gateways = measuredOf(outlook, region).reporting;
  return begun(outlook, 'restore', wanted, [], `${gateways} gateways report${well ? ' and are well' : '; ill (forced)'}.`);
}

function refuseRun(outlook: Outlook, kind: RunKind, region: string): Refusal | undefined {
  if (!outlook.regions.includes(region))
    return refusal('unknown_region', `there is no region ${JSON.stringify(region)}; there are ${outlook.regions.join(', ')}`);
  const active = activeRun(outlook.course);
  if (active !== undefined && active.region !== region)
    return refusal('another_run', `${active.region} is being ${active.kind === 'evacuate' ? 'evacuated' : 'restored'}; one at a time`);
  const { state } = directedOf(outlook.course, region);
  const there = kind === 'evacuate' ? ['evacuating', 'evacuated'] : ['restoring', 'serving'];
  return there.includes(state) ? refusal('already', `${region} is ${state} already`) : undefined;
}

function begun(
  outlook: Outlook,
  kind: RunKind,
  { id, region, reason, by, force }: Wanted,
  bridgeTo: readonly string[],
  text: string,
): Begun {
  const atMs = outlook.nowMs;
  const run: RunBegun = {
    id,
    kind,
    region,
    reason,
    by,
    force,
    startedAtMs: atMs,
    bridgeTo,
    arrivedPerSecondBefore: measuredOf(outlook, region).arrivedPerSecond,
    errorRatesBefore: Object.fromEntries(outlook.regions.map((each) => [each, measuredOf(outlook, each).errorRate])),
  };
  const { weight, bridgeShare } = directedOf(outlook.course, region);
  const step = { type: 'run.stepped' as const, runId: id, atMs, kind: 'checked' as const, text, weight, bridgeShare };
  return { kind: 'begun', events: [{ type: 'run.begun', ...run }, step] };
}

function refusal(code: RefusalCode, text: string): Refusal {
  return { kind: 'refused', code, text, neededPerSecond: 0, sparePerSecond: 0 };
}
