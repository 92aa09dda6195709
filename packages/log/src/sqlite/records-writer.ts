import type { DatabaseSync } from 'node:sqlite';
import type { Operation } from '@bioscope/kv/sqlite-worker';
import { WRITE } from './operations.ts';
import { partitionOf, type Topic, type Topics } from './topics.ts';

type RecordRow = {
  readonly key: Uint8Array;
  readonly type: string;
  readonly value: Uint8Array;
  readonly origin: { readonly stream: Uint8Array; readonly sequence: number } | null;
};

export type AppendRecord = (topic: Topic, topicName: string, record: RecordRow, nowMs: number) => void;

/**
 * Appends to the partition of the record's key. An event already published to the topic (same origin) is dropped here, where one unique
 * index sees every publisher: so no group can get it twice.
 */
export function recordAppender(database: DatabaseSync, published: (topicName: string) => void): AppendRecord {
  const nextOffset = database.prepare(
    'UPDATE partitions SET next_offset = next_offset + 1, bytes = bytes + ? WHERE topic = ? AND partition = ? RETURNING next_offset',
  );
  const known = database.prepare('SELECT 1 FROM records WHERE topic = ? AND origin_stream = ? AND origin_sequence = ?');
  const insert = database.prepare('INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');

  return (topic, topicName, { key, type, value, origin }, nowMs) => {
    if (origin !== null && known.get(topic.id, origin.stream, origin.sequence) !== undefined) return;
    const partition = partitionOf(key, topic.partitions);
    const bytes = key.length + type.length + value.length;
    const offset = Number(nextOffset.get(bytes, topic.id, partition)?.['next_offset']) - 1;
    insert.run(topic.id, partition, offset, key, type, value, nowMs, origin?.stream ?? null, origin?.sequence ?? null);
    published(topicName);
  };
}

export function publishOperation(topics: Topics, append: AppendRecord): Record<number, Operation> {
  return {
    [WRITE.publish]: (request, _answer, nowMs) => {
      const name = request.text();
      const topic = topics.topicFor(name);
      for (let count = request.u32(); count > 0; count -= 1) {
        const key = request.bytes();
        const type = request.text();
        const value = request.bytes();
        const origin = request.optional(() => ({ stream: request.bytes(), sequence: request.f64() }));
        append(topic, name, { key, type, value, origin }, nowMs);
      }
    },
  };
}
