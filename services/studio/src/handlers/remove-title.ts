import { advance } from '../advance.ts';
import { nextSteps } from '../domain/next-steps.ts';
import { stepJob } from '../domain/step-job.ts';
import type { StudioParts } from '../parts.ts';

/** The title is gone: stops what is being made for it, then has everything deleted. Idempotent; a title that did not come from here is none of ours. */
export async function removeTitle(parts: StudioParts, titleId: string): Promise<void> {
  const loaded = await parts.store.load(titleId);
  if (loaded === null) return;
  const open = loaded.work.state === 'running' ? nextSteps(loaded.work) : [];
  await parts.store.change(titleId, 'removed', (work) => (work === null || work.state === 'removed' ? [] : [{ type: 'removed' }]));
  for (const step of open) {
    const { queue, id } = stepJob(loaded.work, step, { nowMs: 0, releaseAfterMs: 0 });
    if ((await parts.jobs.get(queue, id)) !== null) await parts.jobs.cancel(queue, id);
  }
  parts.board.touch(titleId);
  await advance(parts, titleId);
}
