import type { StepJob } from '../domain/steps.ts';
import { QUEUE, type StudioParts } from '../parts.ts';

/** Enqueues steps; those that are there already stay as they are. */
export async function enqueueSteps({ jobs }: Pick<StudioParts, 'jobs'>, steps: readonly StepJob[], notBeforeMs?: number): Promise<void> {
  for (const { id, payload, priority, after } of steps)
    await jobs.enqueue({ queue: QUEUE, id, payload, priority, after, ...(notBeforeMs === undefined ? {} : { notBeforeMs }) });
}
