import type { Run, RunStep } from './course.ts';

/** Shares of traffic that move step by step: a fault met at a tenth of the traffic costs a tenth. */
const RAMP = [0.1, 0.25, 0.5, 1] as const;

export function nextUp(share: number): number {
  return RAMP.find((step) => step > share) ?? 1;
}

export function nextDown(share: number): number {
  return RAMP.findLast((step) => step < share) ?? 0;
}

/** Errors that stay this long do not go by themselves. */
const STALLED_MS = 60_000;
/** Up and down again more often than this, the other regions cannot bear it. */
const BACKS_MAX = 3;

/** Whether a run that met trouble should stop trying. */
export function isStalled(run: Run, nowMs: number): boolean {
  const lastGood = run.steps.findLastIndex(({ kind }) => kind !== 'held' && kind !== 'back');
  const firstTroubled = run.steps[lastGood + 1];
  const backs = run.steps.filter(({ kind }) => kind === 'back').length;
  return backs >= BACKS_MAX || (firstTroubled !== undefined && nowMs - firstTroubled.atMs >= STALLED_MS);
}

/** Every run has a first step from its beginning on. */
export function lastStep(run: Run): RunStep {
  const step = run.steps.at(-1);
  if (step === undefined) throw new Error(`run ${run.id} has no first step`);
  return step;
}
