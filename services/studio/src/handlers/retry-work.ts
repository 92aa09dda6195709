import { RpcError } from '@bioscope/rpc';

import { inspectJob, planJobs } from '../domain/steps.ts';
import type { Work } from '../domain/work.ts';
import { QUEUE, type StudioParts } from '../parts.ts';

/** Starts the failed steps of a work again; what is finished is kept. */
export async function retryWork(parts: StudioParts, workId: string): Promise<Work> {
  const work = await parts.store.read(workId);
  if (work === null) throw new RpcError('not_found', `work_id: there is no work ${JSON.stringify(workId)}`);
  if (work.phase === 'running') return work;
  if (work.phase !== 'failed')
    throw new RpcError('failed_precondition', `work_id: the work is ${work.phase}; only one that failed can be tried again`);
  await parts.catalog.reportPreparation({ titleId: work.titleId, prepared: 0, failure: '' }, { idempotent: true });
  const retried = await parts.store.record(workId, `${workId}.retried.${work.version}`, (now) =>
    now?.phase === 'failed' ? { type: 'retried', atMs: parts.nowMs() } : null,
  );
  for (const { id } of [inspectJob(workId), ...(work.plan === null ? [] : planJobs(workId, work.plan))]) {
    const job = await parts.jobs.get(QUEUE, id);
    if (job?.state === 'failed' || job?.state === 'cancelled') await parts.jobs.retry(QUEUE, id);
  }
  return retried;
}
