import type { DatabaseSync } from 'node:sqlite';
import type { Operation, Packer } from '@bioscope/kv/sqlite-worker';
import { READ } from './operations.ts';
import type { Topics } from './topics.ts';

type Row = [
  offset: number,
  key: Uint8Array,
  type: string,
  value: Uint8Array,
  recordedAt: number,
  originStream: Uint8Array | null,
  originSequence: number | null,
];

export function logReads(database: DatabaseSync, topics: Topics): Record<number, Operation> {
  const records = database.prepare(`
    SELECT offset, key, type, value, recorded_at, origin_stream, origin_sequence FROM records
    WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ?`);
  records.setReturnArrays(true);
  const lag = database.prepare(`
    SELECT sum(p.next_offset - max(p.first_offset, coalesce(g.next_offset, 0))) AS lag FROM partitions p
    LEFT JOIN group_partitions g ON g.topic = p.topic AND g.partition = p.partition AND g.group_name = ? WHERE p.topic = ?`);
  const version = database.prepare('PRAGMA data_version');

  return {
    /** For each partition asked for: its records after 1, then 0. An empty one may only mean that the answer was full. */
    [READ.fetch]: (request, answer) => {
      const topic = topics.find(request.text());
      const recordsMax = request.u32();
      const end = answer.length + FETCH_BYTES_MAX;
      for (let count = request.u32(); count > 0; count -= 1) {
        const partition = request.u32();
        const from = request.f64();
        if (topic !== null && answer.length < end) {
          packRecords(answer, records.iterate(topic.id, partition, from, recordsMax) as Iterable<unknown> as Iterable<Row>, end);
        }
        answer.u8(0);
      }
    },
    [READ.lag]: (request, answer) => {
      const topic = topics.find(request.text());
      answer.f64(topic === null ? 0 : Number(lag.get(request.text(), topic.id)?.['lag'] ?? 0));
    },
    /** Changes with every commit of another connection, in whatever process. */
    [READ.version]: (_request, answer) => answer.f64(Number(version.get()?.['data_version'])),
  };
}

function packRecords(answer: Packer, rows: Iterable<Row>, end: number): void {
  for (const [offset, key, type, value, recordedAt, originStream, originSequence] of rows) {
    answer.u8(1);
    answer.f64(offset);
    answer.bytes(key);
    answer.text(type);
    answer.bytes(value);
    answer.f64(recordedAt);
    answer.optional(originStream, (stream) => {
      answer.bytes(stream);
      answer.f64(originSequence ?? 0);
    });
    if (answer.length > end) return;
  }
}

/** What one fetch brings into memory, give or take a record. */
const FETCH_BYTES_MAX = 2 * 1024 * 1024;
