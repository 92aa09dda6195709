import { createTopicsV7 } from '@platformatic/kafka';
import type { Cluster, TopicView } from './cluster.ts';
import { refusalOfCode, UnreachableError, withRefusals } from './trouble.ts';

export type TopicSettings = {
  readonly partitions: number;
  /** Copies of each partition; null: three, or as many as there are brokers. */
  readonly replicationFactor: number | null;
  readonly keepMs: number;
  readonly keepBytesPerPartition: number;
};

export type Topics = {
  /** Made when it is missing; resolves once every partition has a leader. */
  ready(name: string): Promise<TopicView>;
  /** The companion of a topic, in which groups note the origins that they have handled: as many partitions, compacted. */
  originsReady(name: string, partitions: number): Promise<TopicView>;
};

/** Makes topics on first use. Whoever is second to make one is glad that it is there. */
export function createTopics(cluster: Cluster, settings: TopicSettings): Topics {
  const makings = new Map<string, Promise<TopicView>>();

  /** Known topics cost nothing; callers that come while one is being made share the work. */
  async function ready(name: string, partitions: number, config: Record<string, string>): Promise<TopicView> {
    const under = makings.get(name);
    if (under !== undefined) return under;
    const making = readyNow(name, partitions, config).finally(() => makings.delete(name));
    makings.set(name, making);
    return making;
  }

  async function readyNow(name: string, partitions: number, config: Record<string, string>): Promise<TopicView> {
    const known = await cluster.topic(name);
    if (known !== null) return known;
    await make(name, partitions, config);
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const view = await cluster.refresh(name);
      if (view !== null && view.leaders.every((leader) => leader !== null)) return view;
      await new Promise((resolve) => setTimeout(resolve, ROUND_MS));
    }
    throw new UnreachableError(`the topic ${name} was made, but nobody leads it yet`);
  }

  async function make(name: string, partitions: number, config: Record<string, string>): Promise<void> {
    const wanted = settings.replicationFactor ?? Math.min(REPLICATION_DEFAULT, cluster.brokerCount());
    const refusal = await tryMake(name, partitions, wanted, config);
    // Several names of one broker in the settings make it look like several.
    if (refusal === 'INVALID_REPLICATION_FACTOR' && settings.replicationFactor === null && wanted > 1) {
      await tryMake(name, partitions, wanted - 1, config);
    }
  }

  async function tryMake(
    name: string,
    numPartitions: number,
    replicationFactor: number,
    config: Record<string, string>,
  ): Promise<string | null> {
    const inSync = { 'min.insync.replicas': String(replicationFactor >= 3 ? 2 : 1) };
    const configs = Object.entries({ ...config, ...inSync }).map(([key, value]) => ({ name: key, value }));
    const topic = { name, numPartitions, replicationFactor, assignments: [], configs };
    const answer = await withRefusals(cluster.ask(createTopicsV7.api, [[topic], MAKE_MS_MAX, false], MAKE_MS_MAX + 1_000));
    const refusal = refusalOfCode(answer.topics[0]?.errorCode ?? 0);
    if (refusal === null || refusal === 'INVALID_REPLICATION_FACTOR') return refusal;
    if (refusal === 'TOPIC_ALREADY_EXISTS') return null;
    throw new UnreachableError(`cannot make the topic ${name}: ${answer.topics[0]?.errorMessage ?? refusal}`);
  }

  return {
    ready: (name) => ready(name, settings.partitions, recordsConfig(settings)),
    originsReady: (name, partitions) => ready(name, partitions, originsConfig(settings)),
  };
}

function recordsConfig({ keepMs, keepBytesPerPartition }: TopicSettings): Record<string, string> {
  return {
    'cleanup.policy': 'delete',
    'retention.ms': String(keepMs),
    'retention.bytes': String(keepBytesPerPartition),
    // Kafka deletes whole segments, and never the one being written: they must be small beside what is kept.
    'segment.ms': String(segmentMs(keepMs)),
    'segment.bytes': String(Math.min(SEGMENT_BYTES_MAX, Math.max(SEGMENT_BYTES_MIN, Math.floor(keepBytesPerPartition / 8)))),
    'max.message.bytes': String(MESSAGE_BYTES_MAX),
    // One clock, the broker's, so that no publisher's wrong clock keeps or deletes records.
    'message.timestamp.type': 'LogAppendTime',
  };
}

/** A first copy lives for the retention and the segment that it lies in; what is noted of it must live longer. */
function originsConfig({ keepMs }: TopicSettings): Record<string, string> {
  return {
    'cleanup.policy': 'compact,delete',
    'retention.ms': String(keepMs + 2 * segmentMs(keepMs) + DAY_MS),
    'retention.bytes': '-1',
    'segment.ms': String(segmentMs(keepMs)),
    'segment.bytes': String(SEGMENT_BYTES_MIN),
    'min.cleanable.dirty.ratio': '0.2',
    'max.message.bytes': String(MESSAGE_BYTES_MAX),
    'message.timestamp.type': 'LogAppendTime',
  };
}

function segmentMs(keepMs: number): number {
  return Math.max(MINUTE_MS, Math.min(DAY_MS, Math.floor(keepMs / 7)));
}

const REPLICATION_DEFAULT = 3;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** One record of the largest size with its key, headers and frame; batches of several records stay below it too. */
const MESSAGE_BYTES_MAX = 2 * 1024 * 1024;
const SEGMENT_BYTES_MIN = 16 * 1024 * 1024;
const SEGMENT_BYTES_MAX = 128 * 1024 * 1024;
const MAKE_MS_MAX = 5_000;
const ROUND_MS = 50;
const ROUNDS_MAX = 100;
