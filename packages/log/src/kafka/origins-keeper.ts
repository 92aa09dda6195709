import type { RecordsBatch } from '@platformatic/kafka';
import type { Cluster } from './cluster.ts';
import type { Connections } from './connections.ts';
import type { Message } from './lane.ts';
import { boundsOf } from './offsets.ts';
import { createOrigins, type Origins } from './origins.ts';
import type { Publisher } from './publisher.ts';
import { readThrough } from './read-through.ts';
import { toRecord } from './record-format.ts';
import type { Topics } from './topics.ts';

export type OriginsKeeper = {
  /** What the group is done with in the partition before `position`. `keptUpTo` is what `keep` returned last, or the beginning. */
  load(partition: number, span: { keptUpTo: number; position: number; first: number }): Promise<Origins>;
  /** Writes what changed since the last time. */
  keep(partition: number, origins: Origins): Promise<void>;
};

export type OriginsKeeperParts = {
  readonly cluster: Cluster;
  readonly connections: Connections;
  readonly topics: Topics;
  readonly publisher: Publisher;
  readonly topic: string;
  readonly originsTopic: string;
  readonly group: string;
};

/**
 * Where a group's origins outlive its members: a compacted companion topic, partition by partition beside the records. It is written now and
 * then, not with every batch; what was handled since is read again from the topic itself, which has it by definition as long as it matters.
 * See docs/decisions/0008.
 */
export function createOriginsKeeper(parts: OriginsKeeperParts): OriginsKeeper {
  const { cluster, topics, publisher, topic, originsTopic, group } = parts;
  const prefix = `${group}\0`;

  async function loadKept(partition: number, origins: Origins): Promise<void> {
    const records = await cluster.topic(topic);
    const view = await topics.originsReady(originsTopic, records?.leaders.length ?? partition + 1);
    const { first, end } = (await boundsOf(parts, view, [partition])).get(partition) ?? { first: 0, end: 0 };
    await readThrough(parts, { topic: originsTopic, partition, from: first, to: end }, (_batch, { key, value }) => {
      const name = key?.toString() ?? '';
      if (name.startsWith(prefix) && value !== null) origins.restore(name.slice(prefix.length), value.toString());
    });
  }

  return {
    async load(partition, { keptUpTo, position, first }) {
      const origins = createOrigins();
      await loadKept(partition, origins);
      await readThrough(parts, { topic, partition, from: Math.max(first, keptUpTo), to: position }, (batch: RecordsBatch, record) => {
        const { origin, offset } = toRecord({ topic, partition }, batch, record);
        if (origin !== undefined) origins.add(origin.stream, origin.sequence, offset);
      });
      origins.forgetBefore(first);
      return origins;
    },
    async keep(partition, origins) {
      const changed = origins.takeChanged();
      if (changed.length === 0) return;
      const messages: Message[] = changed.map(([stream, kept]) => ({ key: Buffer.from(prefix + stream), value: Buffer.from(kept) }));
      try {
        await publisher.write(originsTopic, new Map([[partition, messages]]), performance.now() + KEEP_MS_MAX);
      } catch (error) {
        origins.giveBack(changed.map(([stream]) => stream));
        throw error;
      }
    },
  };
}

const KEEP_MS_MAX = 10_000;
