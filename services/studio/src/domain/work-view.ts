import { StepState, WorkState } from '../../contract/index.ts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { WorkSchema } from '../../contract/index.ts';
import { QUEUES, stepJob } from './step-job.ts';
import type { Step } from './next-steps.ts';
import type { Group, Work } from './work.ts';

export type WorkView = MessageInitShape<typeof WorkSchema>;
type StepView = {
  readonly name: string;
  readonly state: StepState;
  readonly progress: number;
  readonly reason: string;
  readonly weight: number;
};
/** How far a running job is, 0 to 1; null when it does not run. */
export type LiveProgress = (jobId: string) => number | null;

export const OUTWARD_STATE = {
  running: WorkState.RUNNING,
  done: WorkState.DONE,
  refused: WorkState.REFUSED,
  failed: WorkState.FAILED,
  removed: WorkState.DONE,
} as const;

/** What a person is shown of a work: a handful of steps, each with a bar, in the order in which they end. */
export function viewOf(work: Work, version: number, live: LiveProgress): WorkView {
  const { id, name, reason, reasonCode, startedAtMs, playableAtMs, endedAtMs } = work;
  const steps = stepsOf(work, live).map((step) => ({ name: step.name, state: step.state, progress: step.progress, reason: step.reason }));
  const playable = work.published.length > 0;
  return {
    id,
    titleId: id,
    name,
    state: OUTWARD_STATE[work.state],
    steps,
    reason,
    reasonCode,
    version,
    playable,
    startedAtMs,
    playableAtMs,
    endedAtMs,
  };
}

/** 0 to 1: how much of the whole preparation is done, weighted by what takes the time. */
export function preparedShare(work: Work, live: LiveProgress): number {
  const steps = stepsOf(work, live);
  const total = steps.reduce((sum, { weight }) => sum + weight, 0);
  return steps.reduce((sum, { weight, progress }) => sum + weight * progress, 0) / total;
}

/** Shares of the time on a usual machine: encoding is nearly all of it, and the high rungs most of that. */
const WEIGHTS = { inspect: 3, store: 1, audio: 4, low: 25, high: 60, package: 2, fill: 2 } as const;

function stepsOf(work: Work, live: LiveProgress): StepView[] {
  const { outline } = work;
  const inspect = single(work, live, { name: 'inspect', weight: WEIGHTS.inspect, done: outline !== null, step: { kind: 'inspect' } });
  if (outline === null) return [inspect];
  const store = single(work, live, { name: 'store', weight: WEIGHTS.store, done: work.stored, step: { kind: 'store' } });
  const audio = many(work, live, {
    name: 'encode sound',
    weight: WEIGHTS.audio,
    done: work.audioDone.length,
    of: outline.audio.map((track) => ({ kind: 'audio', track })),
  });
  const groups = outline.groups.flatMap((group) => groupSteps(work, live, group, outline.chunks));
  return [inspect, store, ...(outline.audio.length > 0 ? [audio] : []), ...groups];
}

function groupSteps(work: Work, live: LiveProgress, { name: group, rungs }: Group, chunks: number): StepView[] {
  const of = Array.from({ length: chunks }, (_, chunk) => ({ kind: 'chunk', group, chunk }) as const);
  const names = rungs.join(', ');
  const isPackaged = work.packaged.some((edition) => edition.group === group);
  const isPublished = work.published.some((edition) => edition.group === group);
  return [
    many(work, live, { name: `encode ${names}`, weight: WEIGHTS[group], done: work.chunksDone[group].length, of }),
    single(work, live, { name: `package ${names}`, weight: WEIGHTS.package, done: isPackaged, step: { kind: 'package', group } }),
    single(work, live, { name: `fill ${names}`, weight: WEIGHTS.fill, done: isPublished, step: { kind: 'publish', group } }),
  ];
}

function single(work: Work, live: LiveProgress, one: { name: string; weight: number; done: boolean; step: Step }): StepView {
  return many(work, live, { name: one.name, weight: one.weight, done: one.done ? 1 : 0, of: [one.step] });
}

function many(work: Work, live: LiveProgress, all: { name: string; weight: number; done: number; of: readonly Step[] }): StepView {
  const { name, weight, done, of } = all;
  const ids = of.map((step) => stepJob(work, step, { nowMs: 0, releaseAfterMs: 0 }).id);
  const running = ids.map((id) => live(id)).filter((share) => share !== null);
  const isFailed = work.state === 'failed' && work.failedJob !== null && ids.includes(work.failedJob);
  const isDone = done >= of.length;
  const share = of.length === 0 ? 1 : (done + running.reduce((sum, each) => sum + each, 0)) / of.length;
  const state = isFailed
    ? StepState.FAILED
    : isDone
      ? StepState.DONE
      : running.length > 0 || done > 0
        ? StepState.RUNNING
        : StepState.WAITING;
  return { name, weight, state, progress: isDone ? 1 : Math.min(0.99, share), reason: isFailed ? work.reason : '' };
}

export const ALL_QUEUES: readonly string[] = Object.values(QUEUES);
