import { beginByItself } from './begin-by-itself.ts';
import { activeRun } from './course.ts';
import type { Course, CourseEvent } from './course.ts';
import { judgeHealth, wellSince } from './health.ts';
import type { Health } from './health.ts';
import { measure, SILENT_AFTER_MS, UNMEASURED } from './measure.ts';
import type { KnownGateway, Measured, Report } from './measure.ts';
import { nextStep } from './next-step.ts';
import type { Pace } from './next-step.ts';
import type { Outlook } from './outlook.ts';
import { relieve } from './relieve.ts';

/** What one look found in the store. */
export type Found = {
  readonly course: Course;
  readonly known: readonly KnownGateway[];
  readonly reports: readonly Report[];
  readonly lastArrivals: ReadonlyMap<string, number>;
};

export type Rules = {
  /** Regions that the operator named, whether or not anything ever reported there. */
  readonly named: readonly string[];
  readonly capacities: ReadonlyMap<string, number>;
  readonly pace: Pace;
};

/** What a look leads to. */
export type Seen = {
  readonly outlook: Outlook;
  readonly events: readonly CourseEvent[];
  /** Of ill regions: why nothing happens. */
  readonly notes: ReadonlyMap<string, string>;
};

/** One look: measure, judge, and what to do next. `healths` are those of the look before; `newId` names a run that may begin. */
export function look(
  found: Found,
  rules: Rules,
  before: { readonly healths: ReadonlyMap<string, Health>; readonly listeningSinceMs: number },
  { nowMs, newId }: { nowMs: number; newId: string },
): Seen {
  const measured = measure({ ...found, capacities: rules.capacities, nowMs });
  const regions = [...new Set([...rules.named, ...measured.keys(), ...found.course.directed.keys()])].sort();
  const anybody = [...measured.values()].some(({ reporting }) => reporting > 0);
  const healths = judgeAll(regions, measured, anybody, before, nowMs);
  const hearing = anybody && nowMs - before.listeningSinceMs >= SILENT_AFTER_MS;
  const outlook: Outlook = { course: found.course, regions, measured, healths, hearing, nowMs };
  if (!hearing) return { outlook, events: [], notes: new Map() };
  const run = activeRun(found.course);
  if (run !== undefined) return { outlook, events: nextStep(run, outlook, rules.pace), notes: new Map() };
  const { begun, notes } = beginByItself(outlook, newId);
  return { outlook, events: begun?.events ?? relieve(outlook, rules.pace.dnsTtlMs), notes };
}

function judgeAll(
  regions: readonly string[],
  measured: ReadonlyMap<string, Measured>,
  anybody: boolean,
  { healths, listeningSinceMs }: { healths: ReadonlyMap<string, Health>; listeningSinceMs: number },
  nowMs: number,
): ReadonlyMap<string, Health> {
  // When nobody reports from anywhere, it is we who cannot hear: then everybody stays as well as they were.
  return new Map(
    regions.map((region) => {
      const held = healths.get(region) ?? wellSince(nowMs);
      return [region, anybody ? judgeHealth(held, measured.get(region) ?? UNMEASURED, { nowMs, listeningSinceMs }) : held];
    }),
  );
}
