import type { Job } from '@bioscope/jobs';
import { create, type MessageInitShape } from '@bufbuild/protobuf';

import { StepState, WorkSchema, WorkState, type Work as WorkMessage } from '../../contract/index.ts';
import { stepGroups, type StepGroup } from '../domain/steps.ts';
import type { Work, WorkPhase } from '../domain/work.ts';
import { QUEUE, type StudioParts } from '../parts.ts';

type Step = { readonly name: string; readonly state: StepState; readonly progress: number; readonly reason: string };
export type WorkView = { readonly work: Work; readonly steps: readonly Step[]; /** 0 to 1. */ readonly prepared: number };

/** A work as people see it: the recorded history, and how far the jobs are. */
export async function viewWork({ jobs }: Pick<StudioParts, 'jobs'>, work: Work): Promise<WorkView> {
  const steps: Step[] = [];
  for (const group of stepGroups(work.id, work.plan)) steps.push(await viewStep(jobs, work, group));
  return { work, steps, prepared: work.phase === 'done' ? 1 : preparedShare(steps) };
}

async function viewStep(jobs: StudioParts['jobs'], work: Work, { name, jobIds }: StepGroup): Promise<Step> {
  if (work.phase === 'done' || (name === 'inspect' && work.plan !== null)) return { name, state: StepState.DONE, progress: 1, reason: '' };
  if (work.phase === 'refused') return { name, state: StepState.FAILED, progress: 0, reason: work.reason };
  return stepOf(name, jobIds.length, await someJobs(jobs, jobIds));
}

/** A long film has hundreds of chunks; they run nearly in order, so that behind a few waiting ones all others wait too. */
const WAITING_MAX = 4;

async function someJobs(jobs: StudioParts['jobs'], ids: readonly string[]): Promise<readonly Job[]> {
  const found: Job[] = [];
  let waiting = 0;
  for (const id of ids) {
    const job = await jobs.get(QUEUE, id);
    if (job === null || job.state === 'waiting') waiting += 1;
    if (job !== null) found.push(job);
    if (waiting >= WAITING_MAX) break;
  }
  return found;
}

function stepOf(name: string, count: number, jobs: readonly Job[]): Step {
  const progress = jobs.reduce((sum, job) => sum + (job.state === 'done' ? 1 : job.progress), 0) / count;
  const failed = jobs.find(({ state }) => state === 'failed' || state === 'cancelled');
  if (failed !== undefined) return { name, state: StepState.FAILED, progress, reason: failed.reason ?? 'it was cancelled' };
  if (jobs.length === count && jobs.every(({ state }) => state === 'done')) return { name, state: StepState.DONE, progress: 1, reason: '' };
  const begun = jobs.some(({ state }) => state === 'running' || state === 'done');
  return { name, state: begun ? StepState.RUNNING : StepState.WAITING, progress, reason: '' };
}

/** Encoding is nearly all of the time; the upper rungs are most of that. */
function preparedShare(steps: readonly Step[]): number {
  const weight = ({ name }: Step, index: number): number => (name.startsWith('encode') ? (index > 3 ? 12 : 4) : 1);
  const total = steps.reduce((sum, step, index) => sum + weight(step, index), 0);
  return steps.reduce((sum, step, index) => sum + weight(step, index) * step.progress, 0) / total;
}

const STATES: Readonly<Record<WorkPhase, WorkState>> = {
  running: WorkState.RUNNING,
  done: WorkState.DONE,
  refused: WorkState.REFUSED,
  failed: WorkState.FAILED,
  removed: WorkState.REFUSED,
};

/** The version tells two views apart, whichever process made them: a checksum of all that is shown. */
export function toMessage({ work, steps }: WorkView): WorkMessage {
  const shown: MessageInitShape<typeof WorkSchema> = {
    id: work.id,
    titleId: work.titleId,
    name: work.details.name,
    state: STATES[work.phase],
    steps: steps.map((step) => ({ ...step, progress: Math.round(step.progress * 1000) / 1000 })),
    reason: work.phase === 'removed' ? 'The title was removed.' : work.reason,
    reasonCode: work.phase === 'removed' ? 'removed' : work.reasonCode,
    playable: work.playableAtMs !== null,
    startedAtMs: work.startedAtMs,
    playableAtMs: work.playableAtMs ?? 0,
    endedAtMs: work.endedAtMs ?? 0,
  };
  return create(WorkSchema, { ...shown, version: checksum(JSON.stringify(shown)) });
}

/** FNV-1a, 32 bits (http://www.isthe.com/chongo/tech/comp/fnv/); never 0, which callers send when they know nothing. */
function checksum(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0 || 1;
}
