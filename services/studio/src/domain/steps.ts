import type { ChunkPlan, EncodePlan, RungGroup } from '../media/index.ts';

/** One job of a work. Its id makes it idempotent; the payload says no more than the id does. */
export type StepJob = {
  readonly id: string;
  readonly payload: StepPayload;
  readonly priority: number;
  readonly after: readonly string[];
};
export type StepPayload =
  | { readonly kind: 'inspect'; readonly workId: string }
  | { readonly kind: 'encode'; readonly workId: string; readonly group: RungGroup['name']; readonly chunk: number }
  | { readonly kind: 'sound'; readonly workId: string }
  | { readonly kind: 'publish'; readonly workId: string; readonly complete: boolean }
  | { readonly kind: 'release'; readonly workId: string };

/**
 * Who goes first when several films wait: what makes a film playable before what makes it better. Chunks are jobs of their own, so that a film that
 * has just arrived waits for one chunk at most, not for another film's whole ladder.
 */
const PRIORITY = { inspect: 50, publishFirst: 40, low: 30, publishFull: 20, high: 10, release: 0 } as const;

export function inspectJob(workId: string): StepJob {
  return { id: `${workId}.inspect`, payload: { kind: 'inspect', workId }, priority: PRIORITY.inspect, after: [] };
}

/** Everything after the inspection: lowest rungs, first edition, the other rungs, full edition. A film of one group has one edition. */
export function planJobs(workId: string, plan: EncodePlan): readonly StepJob[] {
  const [low, high] = plan.groups;
  if (low === undefined) return [];
  const sound: StepJob[] =
    plan.audio.length === 0 ? [] : [{ id: `${workId}.sound`, payload: { kind: 'sound', workId }, priority: PRIORITY.low, after: [] }];
  const lowest = plan.chunks.map((chunk) => encodeJob(workId, low, chunk));
  const first = publishJob(workId, { complete: high === undefined, after: [...sound, ...lowest] });
  if (high === undefined) return [...sound, ...lowest, first];
  const highest = plan.chunks.map((chunk) => encodeJob(workId, high, chunk));
  return [...sound, ...lowest, first, ...highest, publishJob(workId, { complete: true, after: [first, ...highest] })];
}

export function releaseJob(workId: string): StepJob {
  return { id: `${workId}.release`, payload: { kind: 'release', workId }, priority: PRIORITY.release, after: [] };
}

function encodeJob(workId: string, group: RungGroup, chunk: ChunkPlan): StepJob {
  return {
    id: `${workId}.${group.name}.${chunk.index}`,
    payload: { kind: 'encode', workId, group: group.name, chunk: chunk.index },
    priority: PRIORITY[group.name],
    after: [],
  };
}

function publishJob(workId: string, { complete, after }: { complete: boolean; after: readonly StepJob[] }): StepJob {
  return {
    id: `${workId}.${complete ? 'full' : 'first'}`,
    payload: { kind: 'publish', workId, complete },
    priority: complete ? PRIORITY.publishFull : PRIORITY.publishFirst,
    after: after.map(({ id }) => id),
  };
}

/** What a person sees of the jobs: a few named steps, each of one or many jobs. */
export type StepGroup = { readonly name: string; readonly jobIds: readonly string[] };

export function stepGroups(workId: string, plan: EncodePlan | null): readonly StepGroup[] {
  const inspect = { name: 'inspect', jobIds: [inspectJob(workId).id] };
  if (plan === null) return [inspect];
  const jobs = planJobs(workId, plan);
  const idsOf = (wanted: (payload: StepPayload) => boolean): readonly string[] =>
    jobs.filter(({ payload }) => wanted(payload)).map(({ id }) => id);
  const encodes = plan.groups.map((group) => ({
    name: `encode ${group.rungs.join(' ')}`,
    jobIds: idsOf((payload) => payload.kind === 'encode' && payload.group === group.name),
  }));
  const [low, ...high] = encodes;
  const isOnly = high.length === 0;
  return [
    inspect,
    ...(plan.audio.length === 0 ? [] : [{ name: 'encode sound', jobIds: idsOf(({ kind }) => kind === 'sound') }]),
    ...(low === undefined ? [] : [low]),
    ...(isOnly
      ? []
      : [{ name: 'package and fill, first edition', jobIds: idsOf((payload) => payload.kind === 'publish' && !payload.complete) }]),
    ...high,
    { name: 'package and fill, full edition', jobIds: idsOf((payload) => payload.kind === 'publish' && payload.complete) },
  ];
}
