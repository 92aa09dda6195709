import type { DatabaseSync } from 'node:sqlite';
import type { Packer } from '../sqlite-worker/packing.ts';
import type { Operation } from '../sqlite-worker/program.ts';
import type { Namespaces } from './namespaces.ts';
import { READ } from './operations.ts';

type EventRow = [
  stream: Uint8Array,
  sequence: number,
  type: string,
  data: Uint8Array,
  command: Uint8Array,
  recordedAt: number,
  position: number,
];

export function registerAndStreamReads(database: DatabaseSync, namespaces: Namespaces): Record<number, Operation> {
  const columns = 'stream, sequence, type, data, command, recorded_at, position';
  const register = database.prepare('SELECT version, value FROM registers WHERE namespace = ? AND name = ? AND value IS NOT NULL');
  const head = database.prepare('SELECT sequence FROM events WHERE namespace = ? AND stream = ? ORDER BY sequence DESC LIMIT 1');
  const ofStream = database.prepare(
    `SELECT ${columns} FROM events WHERE namespace = ? AND stream = ? AND sequence > ? ORDER BY sequence LIMIT ?`,
  );
  const ofNamespace = database.prepare(`SELECT ${columns} FROM events WHERE namespace = ? AND position > ? ORDER BY position LIMIT ?`);
  ofStream.setReturnArrays(true);
  ofNamespace.setReturnArrays(true);

  return {
    [READ.readRegister]: (request, answer) => {
      const namespace = namespaces.find(request.text());
      const row = namespace === null ? undefined : register.get(namespace, request.bytes());
      answer.optional(row, ({ version, value }) => {
        answer.f64(Number(version));
        answer.bytes(value as Uint8Array);
      });
    },
    [READ.readStream]: (request, answer) => {
      const namespace = namespaces.find(request.text());
      const stream = request.bytes();
      const after = request.f64();
      const eventsMax = request.u32();
      answer.f64(namespace === null ? 0 : Number(head.get(namespace, stream)?.['sequence'] ?? 0));
      if (namespace === null) return answer.u8(0);
      packEvents(answer, ofStream.iterate(namespace, stream, after, eventsMax) as Iterable<unknown> as Iterable<EventRow>);
    },
    [READ.readNamespace]: (request, answer) => {
      const namespace = namespaces.find(request.text());
      const after = request.f64();
      const eventsMax = request.u32();
      if (namespace === null) return answer.u8(0);
      packEvents(answer, ofNamespace.iterate(namespace, after, eventsMax) as Iterable<unknown> as Iterable<EventRow>);
    },
  };
}

/** For each event 1 and the event, then 0. Stops early when the answer is full: fewer events than asked for is allowed. */
function packEvents(answer: Packer, rows: Iterable<EventRow>): void {
  const start = answer.length;
  for (const [stream, sequence, type, data, command, recordedAt, position] of rows) {
    if (answer.length - start > ANSWER_BYTES_MAX) break;
    answer.u8(1);
    answer.bytes(stream);
    answer.f64(sequence);
    answer.text(type);
    answer.bytes(data);
    answer.bytes(command);
    answer.f64(recordedAt);
    answer.f64(position);
  }
  answer.u8(0);
}

/** A thousand events of the largest size would be 256 MiB. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
