import { nextSteps } from './domain/next-steps.ts';
import { stepJob } from './domain/step-job.ts';
import type { Work } from './domain/work.ts';
import type { StudioParts } from './parts.ts';

type Advancing = Pick<StudioParts, 'store' | 'jobs' | 'config' | 'nowMs' | 'board' | 'enqueued'>;
type Options = {
  /** Look at jobs that were enqueued before, too. */ readonly mend?: boolean;
  /** Run failed jobs again. */ readonly retry?: boolean;
};

/** Beyond this the memory of what was enqueued is dropped; enqueuing again is harmless. */
const ENQUEUED_MAX = 100_000;

/**
 * Enqueues every step that may run now. Called after each event, and for every work at the start: so a process killed between an event and its
 * jobs loses nothing. Mending finds what no event tells: a job that failed for good because its process died over and over fails the work.
 */
export async function advance(parts: Advancing, workId: string, { mend = false, retry = false }: Options = {}): Promise<void> {
  const loaded = await parts.store.load(workId);
  if (loaded === null) return;
  if (parts.enqueued.size > ENQUEUED_MAX) parts.enqueued.clear();
  for (const step of nextSteps(loaded.work)) {
    const request = stepJob(loaded.work, step, { nowMs: parts.nowMs(), releaseAfterMs: parts.config.releaseAfterMs });
    if (parts.enqueued.has(request.id) && !mend && !retry) continue;
    const job = await parts.jobs.enqueue(request);
    parts.enqueued.add(request.id);
    if (job.state !== 'failed' && job.state !== 'cancelled') continue;
    if (retry) await parts.jobs.retry(request.queue, request.id);
    else if (loaded.work.state === 'running')
      return fail(parts, loaded.work, { jobId: request.id, reason: job.reason ?? 'It ended without saying why.' });
  }
}

/** Gives a work up for now: what is done stays, and `RetryWork` goes on from there. */
export async function fail(parts: Advancing, { id, retries }: Work, { jobId, reason }: { jobId: string; reason: string }): Promise<void> {
  await parts.store.change(id, `failed/${jobId}/${retries}`, (now) =>
    now?.state === 'running' ? [{ type: 'failed', jobId, reason }] : [],
  );
  parts.board.touch(id);
  await advance(parts, id);
}
