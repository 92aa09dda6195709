import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { types } from 'cassandra-driver';
import type { Registers } from '../port.ts';
import type { Call, Calls } from './calls.ts';
import type { Connection } from './connection.ts';
import { unpackCell } from './item-cell.ts';

const { consistencies } = types;

export type ItemSweepParts = {
  readonly keyspace: string;
  readonly connection: Connection;
  readonly calls: Calls;
  readonly registers: Pick<Registers, 'acquireLease'>;
  /** Between two looks through everything. */
  readonly everyMs: number;
  /** Parts that no row names are kept for this long: far longer than any put may take. */
  readonly keptMs: number;
  readonly onTrouble: (error: unknown) => void;
};

type Parts = {
  readonly namespace: string;
  readonly record: string;
  readonly key: Buffer;
  readonly attempt: types.TimeUuid;
  readonly position: bigint;
};

/**
 * Removes the parts of large values that no row names: those of puts that were cut off or beaten, and of values since replaced or deleted. One process
 * at a time does it, slowly, by going round the ring of partitions; what it removes is old enough that nobody can still be about to name it.
 */
export function createItemSweep(parts: ItemSweepParts): { close(): Promise<void> } {
  const { keyspace, connection, calls, registers, everyMs, keptMs } = parts;
  const chunks = `${keyspace}.item_chunks`;
  const columns = `SELECT DISTINCT namespace, record, key, attempt, token(namespace, record, key, attempt) AS position FROM ${chunks}`;
  const list = `${columns} LIMIT ${PARTITIONS_PER_PAGE}`;
  const listOn = `${columns} WHERE token(namespace, record, key, attempt) > ? LIMIT ${PARTITIONS_PER_PAGE}`;
  const row = `SELECT cell FROM ${keyspace}.items WHERE namespace = ? AND record = ? AND key = ?`;
  const erase = `DELETE FROM ${chunks} WHERE namespace = ? AND record = ? AND key = ? AND attempt = ?`;
  const closing = new AbortController();
  const holder = randomUUID();
  const work = run();

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      await pause(everyMs, undefined, { signal: closing.signal, ref: false }).catch(() => {});
      if (closing.signal.aborted) return;
      await sweepAll().catch((error: unknown) => {
        if (!closing.signal.aborted) parts.onTrouble(error);
      });
    }
  }

  async function sweepAll(): Promise<void> {
    let after: bigint | null = null;
    for (let page = 0; page < PAGES_MAX && !closing.signal.aborted; page += 1) {
      const lease = await registers.acquireLease({ namespace: SWEEPERS, name: 'item_chunks', holder, ttlMs: LEASE_MS });
      if (lease.kind === 'taken') return;
      const from: bigint | null = after;
      const listed: readonly Parts[] = await calls.run(undefined, 0, (call) => sweepPage(from, call));
      const last = listed.at(-1);
      if (last === undefined || listed.length < PARTITIONS_PER_PAGE) return;
      after = last.position;
      await pause(PAGE_PAUSE_MS, undefined, { signal: closing.signal }).catch(() => {});
    }
  }

  async function sweepPage(after: bigint | null, call: Call): Promise<readonly Parts[]> {
    const statement = after === null ? { query: list, params: [] } : { query: listOn, params: [after] };
    const answer = await connection.execute(statement, LEVEL, call, { fetchSize: PARTITIONS_PER_PAGE });
    const listed = answer.rows as unknown as readonly Parts[];
    const old = Date.now() - keptMs;
    for (const each of listed) {
      if (each.attempt.getDate().getTime() > old || (await isNamed(each, call))) continue;
      const { namespace, record, key, attempt } = each;
      await connection.execute({ query: erase, params: [namespace, record, key, attempt] }, LEVEL, call);
    }
    return listed;
  }

  async function isNamed({ namespace, record, key, attempt }: Parts, call: Call): Promise<boolean> {
    const answer = await connection.execute({ query: row, params: [namespace, record, key] }, LEVEL, call);
    const packed = answer.rows[0]?.['cell'] as Buffer | null | undefined;
    if (packed === null || packed === undefined) return false;
    const cell = unpackCell(packed);
    return cell.kind === 'chunked' && cell.attempt.equals(attempt.getBuffer());
  }

  return {
    async close() {
      closing.abort();
      await work;
    },
  };
}

/** Where the lease lies. */
export const SWEEPERS = 'kv_sweepers';
/** Of all regions: a row that only another region has seen yet still names its parts. */
const LEVEL = { consistency: consistencies.quorum, isIdempotent: true };
const LEASE_MS = 60_000;
const PARTITIONS_PER_PAGE = 100;
const PAGE_PAUSE_MS = 250;
/** Ten million values; the next look goes on with the rest once these are fewer. */
const PAGES_MAX = 100_000;
