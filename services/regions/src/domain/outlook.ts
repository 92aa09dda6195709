import { directedOf } from './course.ts';
import type { Course } from './course.ts';
import type { Health } from './health.ts';
import { UNMEASURED } from './measure.ts';
import type { Measured } from './measure.ts';

/** Everything that decisions about regions rest on, at one moment. */
export type Outlook = {
  readonly course: Course;
  /** Every known region, in the order of their names. */
  readonly regions: readonly string[];
  readonly measured: ReadonlyMap<string, Measured>;
  readonly healths: ReadonlyMap<string, Health>;
  /** False while reports may be missing that we just did not hear: after a start, after a pause, and when nobody anywhere reports. Then nothing is decided. */
  readonly hearing: boolean;
  readonly nowMs: number;
};

export function measuredOf({ measured }: Outlook, region: string): Measured {
  return measured.get(region) ?? UNMEASURED;
}

/** Regions nobody has judged yet count as well: ignorance takes nobody out. */
export function isWell({ healths }: Outlook, region: string): boolean {
  return healths.get(region)?.well ?? true;
}

export function isServing({ course }: Outlook, region: string): boolean {
  return directedOf(course, region).state === 'serving';
}

/** The regions that can take another's traffic. */
export function receiversFor(outlook: Outlook, region: string): readonly string[] {
  return outlook.regions.filter(
    (other) => other !== region && isServing(outlook, other) && isWell(outlook, other) && measuredOf(outlook, other).reporting > 0,
  );
}
