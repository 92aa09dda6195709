import { directedOf } from './course.ts';
import type { CourseEvent, Run } from './course.ts';
import { nextOfEvacuation } from './evacuate.ts';
import type { Outlook } from './outlook.ts';
import { nextOfRestore } from './restore.ts';

/** How long things take; the rest is measured. */
export type Pace = {
  /** How long a share of bridged requests is watched before it grows. At least the window of measurement, or a step would be judged by what was before it. */
  readonly holdMs: number;
  /** How long resolvers keep an answer. */
  readonly dnsTtlMs: number;
};

/**
 * The next events of a run that goes on; none while it has to wait. It depends on nothing but what is kept and what is measured: whoever asks,
 * and however often the asking process died between, the run goes on from where it is.
 */
export function nextStep(run: Run, outlook: Outlook, pace: Pace): readonly CourseEvent[] {
  const directed = directedOf(outlook.course, run.region);
  return run.kind === 'evacuate' ? nextOfEvacuation(run, directed, outlook, pace) : nextOfRestore(run, directed, outlook, pace);
}
