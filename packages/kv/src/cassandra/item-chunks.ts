import { types } from 'cassandra-driver';
import { KvFault } from '../port.ts';
import type { Call } from './calls.ts';
import type { Connection, Level } from './connection.ts';
import { patiently } from './decider.ts';

export type ChunkedItem = {
  readonly namespace: string;
  readonly record: string;
  readonly key: Buffer;
  /** A time-based UUID, of its own for every time that a value is sent: so parts without a row can be told by their age alone. */
  readonly attempt: Buffer;
};

export type ItemChunks = {
  write(item: ChunkedItem, value: Buffer, ttlS: number | null, level: Level, call: Call): Promise<void>;
  /** Null when a part is missing: the item was replaced and swept since its row was read. */
  read(item: ChunkedItem, bytes: number, level: Level, call: Call): Promise<Uint8Array | null>;
};

/**
 * Values too large for a row, in parts named by the attempt that wrote them: a reader follows the name in the row and never mixes two values. Parts
 * that no row names are left for the sweep.
 */
export function createItemChunks(keyspace: string, connection: Connection): ItemChunks {
  const table = `${keyspace}.item_chunks`;
  const insert = `INSERT INTO ${table} (namespace, record, key, attempt, part, bytes) VALUES (?, ?, ?, ?, ?, ?)`;
  const insertForAWhile = `${insert} USING TTL ?`;
  const select = `SELECT bytes FROM ${table} WHERE namespace = ? AND record = ? AND key = ? AND attempt = ? AND part = ?`;

  const nameOf = ({ namespace, record, key, attempt }: ChunkedItem): unknown[] => [namespace, record, key, new types.TimeUuid(attempt)];

  return {
    async write(item, value, ttlS, level, call) {
      const name = nameOf(item);
      await eachPart(value.length, async (part, start, end) => {
        const params = [...name, part, value.subarray(start, end)];
        await patiently(call, () =>
          ttlS === null
            ? connection.execute({ query: insert, params }, level, call)
            : connection.execute({ query: insertForAWhile, params: [...params, ttlS + TTL_MARGIN_S] }, level, call),
        );
      });
    },
    async read(item, bytes, level, call) {
      const name = nameOf(item);
      const value = new Uint8Array(bytes);
      let isWhole = true;
      await eachPart(bytes, async (part, start, end) => {
        const answer = await patiently(call, () => connection.execute({ query: select, params: [...name, part] }, level, call));
        const found = answer.rows[0]?.['bytes'] as Buffer | undefined;
        if (found === undefined) isWhole = false;
        else if (found.length !== end - start) throw new KvFault('KV_UNAVAILABLE', `part ${part} of a value has ${found.length} bytes`);
        else value.set(found, start);
      });
      return isWhole ? value : null;
    },
  };
}

async function eachPart(bytes: number, work: (part: number, start: number, end: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next * PART_BYTES < bytes) {
      const part = next;
      next += 1;
      await work(part, part * PART_BYTES, Math.min((part + 1) * PART_BYTES, bytes));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL_MAX }, worker));
}

const PART_BYTES = 512 * 1024;
const PARALLEL_MAX = 4;
/** The row goes first. */
const TTL_MARGIN_S = 3_600;
