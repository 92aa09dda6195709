import { fetchV13, type RecordsBatch } from '@platformatic/kafka';
import type { Cluster, TopicView } from './cluster.ts';
import type { Connections } from './connections.ts';
import { refusalOfCode, UnreachableError, withRefusals } from './trouble.ts';

export type Wanted = { readonly partition: number; readonly from: number };

export type Fetched = {
  readonly partition: number;
  /** What it was asked for. */
  readonly from: number;
  /** Whole batches: the first may begin before `from`. */
  readonly batches: readonly RecordsBatch[];
  /** Everything before it is on all replicas in sync; nothing beyond it is handed out. */
  readonly end: number;
  /** Why there is nothing: `OFFSET_OUT_OF_RANGE`, `NOT_LEADER_OR_FOLLOWER`, …; null when all is well. */
  readonly refusal: string | null;
};

/** Asks one broker for what comes next in partitions that it leads; it waits up to `waitMs` for something to come. */
export async function fetchFrom(
  { cluster, connections }: { cluster: Cluster; connections: Connections },
  request: { leader: number; view: TopicView; wanted: readonly Wanted[]; waitMs: number },
): Promise<readonly Fetched[]> {
  const { leader, view, wanted, waitMs } = request;
  const address = cluster.addressOf(leader);
  if (address === null) throw new UnreachableError(`broker ${leader}, which leads ${view.name}, is not known`);
  const partitions = wanted.map(({ partition, from }) => ({
    partition,
    currentLeaderEpoch: -1,
    fetchOffset: BigInt(from),
    lastFetchedEpoch: -1,
    partitionMaxBytes: PARTITION_BYTES_MAX,
  }));
  const answer = await withRefusals(
    connections.call(
      address,
      fetchV13.api,
      [waitMs, 1, ANSWER_BYTES_MAX, READ_UNCOMMITTED, NO_SESSION, SESSIONLESS, [{ topicId: view.id, partitions }], [], ''],
      waitMs + ANSWER_MS_MAX,
    ),
  );
  const refused = refusalOfCode(answer.errorCode);
  if (refused !== null) throw new UnreachableError(`cannot fetch from ${view.name}: ${refused}`);
  const asked = new Map(wanted.map(({ partition, from }) => [partition, from]));
  return answer.responses.flatMap((topic) =>
    topic.partitions.map(({ partitionIndex, errorCode, highWatermark, records }) => ({
      partition: partitionIndex,
      from: asked.get(partitionIndex) ?? 0,
      batches: records ?? [],
      end: Number(highWatermark),
      refusal: refusalOfCode(errorCode),
    })),
  );
}

/** Where the next fetch goes on. */
export function nextAfter({ batches, from }: Fetched): number {
  const last = batches.at(-1);
  return last === undefined ? from : Math.max(from, Number(last.firstOffset) + last.lastOffsetDelta + 1);
}

const READ_UNCOMMITTED = 0;
const NO_SESSION = 0;
const SESSIONLESS = -1;
/** A broker gives at least one batch, however large; more of them only while they fit. */
const PARTITION_BYTES_MAX = 1024 * 1024;
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
/** Beyond the wait that it was asked for. */
const ANSWER_MS_MAX = 3_000;
