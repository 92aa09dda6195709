import { listOffsetsV8, offsetFetchV9 } from '@platformatic/kafka';
import type { Cluster, TopicView } from './cluster.ts';
import type { Connections } from './connections.ts';
import { refusalOf, UnreachableError } from './trouble.ts';

/** The records that a partition has: from `first` up to, not including, `end`. */
export type Bounds = { readonly first: number; readonly end: number };

/** How far a group has come in a partition; null when it has not begun. `note` is what its member wrote beside it. */
export type Committed = { readonly offset: number; readonly note: string } | null;

export type OffsetsParts = { readonly cluster: Cluster; readonly connections: Connections };

/** What the leaders say now. Refused by a broker that no longer leads: then the view is asked anew, for the next try. */
export async function boundsOf(parts: OffsetsParts, view: TopicView, partitions: readonly number[]): Promise<ReadonlyMap<number, Bounds>> {
  const byLeader = new Map<number, number[]>();
  for (const partition of partitions) {
    const leader = view.leaders[partition] ?? null;
    if (leader === null) {
      void parts.cluster.refresh(view.name).catch(() => {});
      throw new UnreachableError(`nobody leads partition ${partition} of ${view.name}`);
    }
    byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
  }
  const bounds = new Map<number, Bounds>();
  try {
    for (const [leader, of] of byLeader) {
      const [first, end] = await Promise.all([EARLIEST, LATEST].map((timestamp) => offsetsAt(parts, view, leader, of, timestamp)));
      for (const partition of of) bounds.set(partition, { first: first?.get(partition) ?? 0, end: end?.get(partition) ?? 0 });
    }
  } catch (error) {
    void parts.cluster.refresh(view.name).catch(() => {});
    throw error;
  }
  return bounds;
}

export async function committedBy({ cluster, connections }: OffsetsParts, group: string, view: TopicView): Promise<readonly Committed[]> {
  const partitionIndexes = view.leaders.map((_, partition) => partition);
  const coordinator = await cluster.coordinatorOf(group);
  const request = [{ groupId: group, memberId: null, memberEpoch: -1, topics: [{ name: view.name, partitionIndexes }] }];
  const answer = await connections.call(coordinator, offsetFetchV9.api, [request, false], ANSWER_MS_MAX);
  const committed: Committed[] = partitionIndexes.map(() => null);
  for (const { name, partitions } of answer.groups[0]?.topics ?? []) {
    if (name !== view.name) continue;
    for (const { partitionIndex, committedOffset, metadata } of partitions) {
      if (committedOffset >= 0n) committed[partitionIndex] = { offset: Number(committedOffset), note: metadata ?? '' };
    }
  }
  return committed;
}

async function offsetsAt(
  { cluster, connections }: OffsetsParts,
  view: TopicView,
  leader: number,
  partitions: readonly number[],
  timestamp: bigint,
): Promise<ReadonlyMap<number, number>> {
  const address = cluster.addressOf(leader);
  if (address === null) throw new UnreachableError(`broker ${leader}, which leads ${view.name}, is not known`);
  const wanted = partitions.map((partitionIndex) => ({ partitionIndex, currentLeaderEpoch: -1, timestamp }));
  const answer: listOffsetsV8.ListOffsetsResponse = await connections.call(
    address,
    listOffsetsV8.api,
    [ANY_REPLICA, READ_UNCOMMITTED, [{ name: view.name, partitions: wanted }]],
    ANSWER_MS_MAX,
  );
  return new Map(answer.topics.flatMap((topic) => topic.partitions.map(({ partitionIndex, offset }) => [partitionIndex, Number(offset)])));
}

/** Tries until `withinMs` is over; each try has deadlines of its own. Refusals that cannot pass end it at once. */
export async function tryWithin<Result>(withinMs: number, attempt: () => Promise<Result>): Promise<Result> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const isLasting = refusalOf(error)?.endsWith('AUTHORIZATION_FAILED') ?? false;
      if (isLasting || performance.now() + RETRY_MS > endMs) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  }
}

const EARLIEST = -2n;
const LATEST = -1n;
const ANY_REPLICA = -1;
const READ_UNCOMMITTED = 0;
const ANSWER_MS_MAX = 3_000;
const RETRY_MS = 100;
