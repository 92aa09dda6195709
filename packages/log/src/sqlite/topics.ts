import type { DatabaseSync } from 'node:sqlite';
import { PARTITIONS_DEFAULT } from '../port.ts';

export type Topic = { readonly id: number; readonly partitions: number };
export type Topics = {
  /** Made on first use. */
  topicFor(name: string): Topic;
  find(name: string): Topic | null;
  rolledBack(): void;
};

export function createTopics(database: DatabaseSync): Topics {
  const select = database.prepare('SELECT id, partitions FROM topics WHERE name = ?');
  const insert = database.prepare('INSERT INTO topics (name, partitions) VALUES (?, ?) RETURNING id');
  const insertPartition = database.prepare('INSERT INTO partitions VALUES (?, ?, 0, 0, 0)');
  // Topics are named in code, so their number is small. They never change, so another process cannot make this stale.
  const known = new Map<string, Topic>();

  function find(name: string): Topic | null {
    const remembered = known.get(name);
    if (remembered !== undefined) return remembered;
    const row = select.get(name);
    if (row === undefined) return null;
    const topic = { id: Number(row['id']), partitions: Number(row['partitions']) };
    known.set(name, topic);
    return topic;
  }

  return {
    find,
    topicFor(name) {
      const found = find(name);
      if (found !== null) return found;
      const topic = { id: Number(insert.get(name, PARTITIONS_DEFAULT)?.['id']), partitions: PARTITIONS_DEFAULT };
      for (let partition = 0; partition < topic.partitions; partition += 1) insertPartition.run(topic.id, partition);
      known.set(name, topic);
      return topic;
    },
    rolledBack: () => known.clear(),
  };
}

/** FNV-1a, 32 bits: the partition of a key must never change, so neither may this. */
export function partitionOf(key: Uint8Array, partitions: number): number {
  let hash = 0x811c9dc5;
  for (const byte of key) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0) % partitions;
}
