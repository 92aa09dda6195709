import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { KvFault } from '@bioscope/kv';
import { openToLook } from '@bioscope/kv/transfer';
import { LOG_LIMITS } from './checks.ts';
import type { Log, LogRecordData } from './port.ts';
import { APPLICATION_ID } from './sqlite/schema.ts';

export type MoveLogRequest = {
  /** Of the embedded log, which nobody may be using. Only read. */
  readonly folder: string;
  readonly fileName?: string;
  readonly destination: Pick<Log, 'publish'>;
  /** Up to where an earlier move of the same log came: what `reached` was told. */
  readonly reachedBefore: (topic: string, partition: number) => number;
  /** Told after each publication is durable. */
  readonly reached: (topic: string, partition: number, nextOffset: number) => Promise<void>;
  readonly signal: AbortSignal;
};

/** `records`: those of this topic that were still to be handled; `published`: how many of them by this call. */
export type MovedTopic = { readonly topic: string; readonly records: number; readonly published: number };

/**
 * Publishes to another log what some group of the embedded one has not handled yet, and whole topics that have no group, in order per key and with their
 * origins. A group that was ahead of another sees the records between them again; an interruption publishes at most one batch twice.
 */
export async function moveUnhandled(request: MoveLogRequest): Promise<readonly MovedTopic[]> {
  const file = path.join(request.folder, request.fileName ?? 'log.db');
  if (!existsSync(file)) return [];
  const database = openToLook(file, true);
  try {
    const mark = database.prepare('PRAGMA application_id').get()?.['application_id'];
    if (mark !== APPLICATION_ID) throw new KvFault('KV_UNAVAILABLE', `${file} is not an event log`);
    const moved: MovedTopic[] = [];
    for (const { id, name } of database.prepare('SELECT id, name FROM topics ORDER BY name').all())
      moved.push(await moveTopic(database, Number(id), String(name), request));
    return moved;
  } finally {
    database.close();
  }
}

async function moveTopic(database: DatabaseSync, id: number, topic: string, request: MoveLogRequest): Promise<MovedTopic> {
  const partitions = database.prepare(`
    SELECT partition, first_offset, next_offset,
      (SELECT min(next_offset) FROM group_partitions g WHERE g.topic = p.topic AND g.partition = p.partition) AS handled
    FROM partitions p WHERE topic = ? ORDER BY partition`);
  const page = database.prepare(`
    SELECT offset, key, type, value, origin_stream, origin_sequence FROM records
    WHERE topic = ? AND partition = ? AND offset >= ? ORDER BY offset LIMIT ${RECORDS_PER_PUBLISH}`);
  const countFrom = database.prepare('SELECT count(*) AS n FROM records WHERE topic = ? AND partition = ? AND offset >= ?');
  let records = 0;
  let published = 0;
  for (const row of partitions.all(id)) {
    const partition = Number(row['partition']);
    const unhandled = Number(row['handled'] ?? row['first_offset']);
    records += Number(countFrom.get(id, partition, unhandled)?.['n']);
    for (let from = Math.max(unhandled, request.reachedBefore(topic, partition)); ;) {
      request.signal.throwIfAborted();
      const { some, next } = batchOf(page.iterate(id, partition, from), from);
      if (some.length === 0) break;
      await request.destination.publish(topic, some);
      await request.reached(topic, partition, next);
      published += some.length;
      from = next;
    }
  }
  return { topic, records, published };
}

function batchOf(rows: Iterable<Record<string, unknown>>, from: number): { some: readonly LogRecordData[]; next: number } {
  const some: LogRecordData[] = [];
  let next = from;
  let bytes = 0;
  for (const row of rows) {
    const value = row['value'] as Uint8Array;
    const stream = row['origin_stream'];
    const origin = stream instanceof Uint8Array ? { origin: { stream: textOf(stream), sequence: Number(row['origin_sequence']) } } : {};
    some.push({ key: textOf(row['key'] as Uint8Array), type: String(row['type']), value, ...origin });
    next = Number(row['offset']) + 1;
    bytes += value.length;
    if (bytes > BYTES_PER_PUBLISH) break;
  }
  return { some, next };
}

function textOf(name: Uint8Array): string {
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString();
}

const RECORDS_PER_PUBLISH = 500;
/** With one record more still within what one publication may hold. */
const BYTES_PER_PUBLISH = Math.floor(LOG_LIMITS.publishBytesMax / 8);
