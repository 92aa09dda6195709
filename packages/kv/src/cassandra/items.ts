import { types } from 'cassandra-driver';
import { bad, checkItems, checkName, checkNamespace, checkSelection, checkToken } from '../checks.ts';
import type { Items, ItemWrite, Selection, WriteToken } from '../port.ts';
import type { Call, Calls } from './calls.ts';
import type { Connection, Level, Statement } from './connection.ts';
import { patiently } from './decider.ts';
import { deleteTimestamp, packChunked, packDeleted, packInline, putTimestamp } from './item-cell.ts';
import type { ItemChunks } from './item-chunks.ts';
import { itemReads } from './item-reads.ts';
import type { ItemConsistency } from './options.ts';

const { consistencies } = types;

/**
 * Items as rows of one partition per record, ordered by key. The token is the write timestamp, so that the last writer wins on every replica alike and
 * a repeated write changes nothing.
 */
export function cassandraItems({
  keyspace,
  connection,
  chunks,
  calls,
  clock,
  consistency,
}: {
  keyspace: string;
  connection: Connection;
  chunks: ItemChunks;
  calls: Calls;
  clock: () => number;
  consistency: (namespace: string) => ItemConsistency;
}): Items {
  const table = `${keyspace}.items`;
  const put = `INSERT INTO ${table} (namespace, record, key, cell) VALUES (?, ?, ?, ?) USING TIMESTAMP ?`;
  const putForAWhile = `${put} AND TTL ?`;
  const from = `DELETE FROM ${table} USING TIMESTAMP ? WHERE namespace = ? AND record = ?`;
  const levelOf = (namespace: string): Level => LEVELS[consistency(namespace)];

  /** A write with the same token twice is one write: trying again is always safe. */
  async function write(statements: readonly Statement[], namespace: string, call: Call): Promise<void> {
    const level = levelOf(namespace);
    const [only] = statements;
    const isAlone = statements.length === 1 && only !== undefined;
    await patiently(call, async () => (isAlone ? connection.execute(only, level, call) : connection.batch(statements, level, call)));
  }

  function statementFor(namespace: string, record: string, item: PreparedItem): Statement {
    const { key, cell, timestamp, ttlS } = item;
    return ttlS === null
      ? { query: put, params: [namespace, record, key, cell, timestamp] }
      : { query: putForAWhile, params: [namespace, record, key, cell, timestamp, ttlS] };
  }

  function deletions(namespace: string, record: string, select: Selection, token: WriteToken): Statement[] {
    const timestamp = deleteTimestamp(token);
    if (select.kind === 'all') return [{ query: from, params: [timestamp, namespace, record] }];
    if (select.kind === 'keys') {
      const cell = packDeleted(token);
      return select.keys.map((key) => ({
        query: putForAWhile,
        params: [namespace, record, Buffer.from(key), cell, timestamp, DELETED_TTL_S + Math.floor(Math.random() * DELETED_JITTER_S)],
      }));
    }
    if (select.from !== undefined && select.to !== undefined && Buffer.compare(select.from, select.to) >= 0)
      throw bad('a range must start before it ends');
    const bounds = [
      ...(select.from === undefined ? [] : [{ condition: ' AND key >= ?', value: Buffer.from(select.from) }]),
      ...(select.to === undefined ? [] : [{ condition: ' AND key < ?', value: Buffer.from(select.to) }]),
    ];
    const query = from + bounds.map(({ condition }) => condition).join('');
    return [{ query, params: [timestamp, namespace, record, ...bounds.map(({ value }) => value)] }];
  }

  return {
    async put({ namespace, record, items, token }, options) {
      checkNamespace(namespace);
      checkName('record', record);
      checkToken(token, clock());
      const bytes = checkItems(items);
      const prepared = prepare(items, token, clock());
      return calls.run(options, bytes, async (call) => {
        const level = levelOf(namespace);
        for (const item of prepared) {
          // The row that names the chunks comes last, and all rows together: nobody sees half a value.
          if (item.large !== null)
            await chunks.write({ namespace, record, key: item.key, ...item.large }, item.large.value, item.ttlS, level, call);
        }
        await write(
          prepared.map((item) => statementFor(namespace, record, item)),
          namespace,
          call,
        );
      });
    },

    async delete({ namespace, record, select, token }, options) {
      checkNamespace(namespace);
      checkName('record', record);
      checkToken(token, clock());
      checkSelection(select);
      const statements = deletions(namespace, record, select, token);
      if (statements.length === 0) return;
      return calls.run(options, 0, (call) => write(statements, namespace, call));
    },

    ...itemReads({ table, connection, chunks, calls, clock, levelOf }),
  };
}

type PreparedItem = {
  readonly key: Buffer;
  readonly cell: Buffer;
  readonly large: { readonly value: Buffer; readonly attempt: Buffer } | null;
  readonly timestamp: bigint;
  readonly ttlS: number | null;
};

/** Copies everything, since the caller may change its buffers once the call has returned. */
function prepare(items: readonly ItemWrite[], token: WriteToken, nowMs: number): readonly PreparedItem[] {
  const inlineMax = inlineBytesMax(items);
  return items.map(({ key, value, ttlMs }): PreparedItem => {
    const expiresAtMs = ttlMs === undefined ? null : Math.floor(token.timeUs / 1000) + ttlMs;
    const own = Buffer.from(key);
    // Gone before it came: what remains to be written is that older ones are gone too.
    if (expiresAtMs !== null && expiresAtMs <= nowMs)
      return { key: own, cell: packDeleted(token), large: null, timestamp: putTimestamp(token), ttlS: DELETED_TTL_S };
    const large = value.length > inlineMax ? { value: Buffer.from(value), attempt: types.TimeUuid.now().getBuffer() } : null;
    const cell = large === null ? packInline(token, expiresAtMs, value) : packChunked(token, expiresAtMs, value.length, large.attempt);
    // Seconds are all that Cassandra knows; the exact moment is in the cell, and readers look there.
    const ttlS = expiresAtMs === null ? null : Math.min(Math.ceil((expiresAtMs - nowMs) / 1000) + 1, TTL_S_MAX);
    return { key: own, cell, large, timestamp: putTimestamp(token), ttlS };
  });
}

/** Small values lie in the row. So many that one mutation would become too large do not. */
function inlineBytesMax(items: readonly ItemWrite[]): number {
  let bytes = 0;
  for (const { value } of items) if (value.length <= INLINE_BYTES_MAX) bytes += value.length;
  return bytes <= MUTATION_BYTES_MAX ? INLINE_BYTES_MAX : MUTATION_BYTES_MAX / items.length;
}

const LEVELS: Readonly<Record<ItemConsistency, Level>> = {
  'local-one': { consistency: consistencies.localOne, isIdempotent: true },
  'local-quorum': { consistency: consistencies.localQuorum, isIdempotent: true },
  quorum: { consistency: consistencies.quorum, isIdempotent: true },
  'each-quorum': { consistency: consistencies.eachQuorum, isIdempotent: true },
};

const INLINE_BYTES_MAX = 64 * 1024;
/** A quarter of the largest mutation that a node takes with default settings (half a commit log segment of 32 MiB). */
const MUTATION_BYTES_MAX = 4 * 1024 * 1024;
/** Twenty years: Cassandra's longest. The exact expiry is in the cell, a longer one is cut. */
const TTL_S_MAX = 630_720_000;
/** A deletion of single items writes a mark that expires, at spread times, so that tombstones do not come in waves. */
const DELETED_TTL_S = 24 * 60 * 60;
const DELETED_JITTER_S = 6 * 60 * 60;
