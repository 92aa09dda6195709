import { BlobFault } from '@bioscope/blob';
import { JobRefusal } from '@bioscope/jobs';
import type { Job, JobRun } from '@bioscope/jobs';
import { advance, fail } from '../advance.ts';
import type { WorkEvent } from '../domain/events.ts';
import type { Step } from '../domain/next-steps.ts';
import { ATTEMPTS_MAX } from '../domain/step-job.ts';
import type { Work } from '../domain/work.ts';
import { MediaFault } from '../media/index.ts';
import { PackagingFault } from '../packager/index.ts';
import type { StudioParts } from '../parts.ts';
import { clean } from './clean.ts';
import { encodeOneChunk, encodeOneTrack } from './encode.ts';
import { inspectSource } from './inspect-source.ts';
import { packageGroup } from './package-group.ts';
import { publishGroup } from './publish-group.ts';
import { releaseEdition } from './release-edition.ts';
import { reportFailure } from './report-failure.ts';
import { storeSource } from './store-source.ts';

export type StepRun = { readonly work: Work; readonly signal: AbortSignal; readonly progress: (share: number) => void };

/** Runs the step of a job, writes down what came of it, and sets off what comes next. The job's id is the event's command: a second run adds nothing. */
export async function runStep(parts: StudioParts, job: Job, run: JobRun): Promise<void> {
  const { workId, step } = parsePayload(job);
  const loaded = await parts.store.load(workId);
  if (loaded === null) throw new JobRefusal('unknown_work', `There is no work ${workId}.`);
  const { work } = loaded;
  if (!isWanted(work, step)) return;
  const progress = (share: number): void => {
    run.progress(share);
    parts.board.progress(workId, job.id, share);
  };
  parts.board.begin(workId, job.id);
  try {
    const event = await outcomeOf(parts, step, { work, signal: run.signal, progress });
    await parts.store.change(workId, job.id, (now) => (now !== null && isWanted(now, step) ? [event] : []));
    await advance(parts, workId);
  } catch (error) {
    await settleFault(parts, { work, job, step, run }, error);
  } finally {
    parts.board.end(workId, job.id);
  }
}

/** A work that was removed, refused or given up meanwhile wants no more rungs; tidying up is always wanted. */
function isWanted(work: Work, step: Step): boolean {
  switch (step.kind) {
    case 'inspect':
    case 'store':
    case 'chunk':
    case 'audio':
    case 'package':
    case 'publish':
      // Also while another step has failed: what is finished by then need not be done by the retry.
      return work.state === 'running' || work.state === 'failed';
    case 'report':
      return !work.reported && (work.state === 'refused' || work.state === 'failed');
    case 'release':
      return work.state !== 'removed' && !work.released.includes(step.editionId);
    case 'clean':
      return !work.cleaned && work.state !== 'running' && work.state !== 'failed';
    default:
      return step satisfies never;
  }
}

function outcomeOf(parts: StudioParts, step: Step, run: StepRun): Promise<WorkEvent> {
  switch (step.kind) {
    case 'inspect':
      return inspectSource(parts, run);
    case 'store':
      return storeSource(parts, run);
    case 'chunk':
      return encodeOneChunk(parts, run, step);
    case 'audio':
      return encodeOneTrack(parts, run, step.track);
    case 'package':
      return packageGroup(parts, run, step.group);
    case 'publish':
      return publishGroup(parts, run, step.group);
    case 'release':
      return releaseEdition(parts, step.editionId);
    case 'report':
      return reportFailure(parts, run.work);
    case 'clean':
      return clean(parts, run.work);
    default:
      return step satisfies never;
  }
}

type Failed = { readonly work: Work; readonly job: Job; readonly step: Step; readonly run: JobRun };

/** The film's fault: refused. Ours: tried again, and given up with the reason when that is no use. */
async function settleFault(parts: StudioParts, { work, job, step, run }: Failed, error: unknown): Promise<void> {
  // Cancelled, closed or lost: nothing is wrong with the step.
  if (run.signal.aborted) throw error;
  if (error instanceof MediaFault && error.refusal !== null) {
    const { code, message } = error.refusal;
    await parts.store.change(work.id, `refused/${job.id}`, (now) =>
      now?.state === 'running' ? [{ type: 'refused', code, reason: message }] : [],
    );
    return advance(parts, work.id);
  }
  parts.log.warn({ err: error, workId: work.id, job: job.id, attempt: job.attempts }, 'a step of a preparation failed');
  const isLast = job.attempts >= ATTEMPTS_MAX || !mayHelpToRetry(error);
  if (!isLast || !isWanted(work, step) || work.state !== 'running') throw error;
  await fail(parts, work, { jobId: job.id, reason: reasonFor(error) });
  throw new JobRefusal('failed', reasonFor(error), { cause: error });
}

function mayHelpToRetry(error: unknown): boolean {
  if (error instanceof MediaFault) return error.retry;
  if (error instanceof PackagingFault) return error.code === 'PACKAGE_MALFORMED';
  return true;
}

function reasonFor(error: unknown): string {
  const isFull =
    (error instanceof BlobFault && error.code === 'BLOB_NO_SPACE') ||
    (error instanceof MediaFault && error.code === 'MEDIA_NO_SPACE') ||
    (error instanceof Error && 'code' in error && error.code === 'ENOSPC');
  if (isFull) return 'The storage of the service is full. Make room and retry; what is finished is kept.';
  return error instanceof Error ? error.message : String(error);
}

function parsePayload({ payload }: Job): { workId: string; step: Step } {
  if (typeof payload === 'object' && payload !== null && 'workId' in payload && 'step' in payload && typeof payload.workId === 'string') {
    // Written by `stepJob` in this package, which is the only one that enqueues here.
    return { workId: payload.workId, step: payload.step as Step };
  }
  throw new JobRefusal('bad_payload', 'The job was not enqueued by the studio.');
}
