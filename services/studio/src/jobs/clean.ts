import type { WorkEvent } from '../domain/events.ts';
import { editionPrefix, sourceKey } from '../domain/names.ts';
import type { Work } from '../domain/work.ts';
import type { StudioParts } from '../parts.ts';
import { ALL_QUEUES } from '../domain/work-view.ts';
import { deleteBelow } from './release-edition.ts';

/** Removes what a work that is over left behind: always its scratch and its jobs; its films and editions too unless they are to be watched. */
export async function clean(parts: StudioParts, work: Work): Promise<WorkEvent> {
  await untilNothingRuns(parts, work.id);
  await parts.folderOf(work.id).remove();
  await parts.files.remove(work.id);
  await parts.store.deletePlan(work.id);
  if (work.state !== 'done') {
    await parts.blob.delete(sourceKey(work.id));
    for (const { editionId } of work.packaged) await deleteBelow(parts, editionPrefix(editionId));
  }
  await forgetJobs(parts, work.id);
  return { type: 'cleaned' };
}

/** A step that is being aborted may still write; it is waited for by trying again later. */
async function untilNothingRuns({ jobs }: StudioParts, workId: string): Promise<void> {
  for (const job of await jobsOf(jobs, workId)) {
    if (job.state === 'waiting' && isMaking(job.id)) await jobs.cancel(job.queue, job.id);
    if (job.state === 'running' && isMaking(job.id)) throw new Error(`${job.id} is still running`);
  }
}

const isMaking = (jobId: string): boolean => /\/(inspect|store|chunk|audio|package|publish)(\/|$)/.test(jobId);

async function forgetJobs({ jobs }: StudioParts, workId: string): Promise<void> {
  for (const job of await jobsOf(jobs, workId)) {
    if (job.state === 'done' || job.state === 'failed' || job.state === 'cancelled') await jobs.forget(job.queue, job.id);
  }
}

async function jobsOf(jobs: StudioParts['jobs'], workId: string) {
  const lists = await Promise.all(ALL_QUEUES.map((queue) => jobs.list(queue, { jobsMax: 1_000 })));
  return lists.flat().filter(({ id }) => id.startsWith(`${workId}/`));
}
