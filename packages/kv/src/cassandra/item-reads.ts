import type { types } from 'cassandra-driver';
import { checkName, checkNamespace, checkPage, checkSelection } from '../checks.ts';
import { cursorAt, parseCursor } from '../cursors.ts';
import { KvFault, type Item, type Items, type ScanPage, type Selection } from '../port.ts';
import type { Call, Calls } from './calls.ts';
import type { Connection, Level, Statement } from './connection.ts';
import { patiently } from './decider.ts';
import { type Cell, unpackCell } from './item-cell.ts';
import type { ChunkedItem, ItemChunks } from './item-chunks.ts';
import { addToPage, newPage, type Page } from './item-page.ts';
import { parseScanCursor, scanCursorAt } from './scan-cursor.ts';

export type ItemReadParts = {
  readonly table: string;
  readonly connection: Connection;
  readonly chunks: ItemChunks;
  readonly calls: Calls;
  readonly clock: () => number;
  readonly levelOf: (namespace: string) => Level;
};

type Bound = { readonly key: Uint8Array; readonly isInclusive: boolean };
type Slice = { readonly from: Bound | null; readonly to: Bound | null; readonly isDescending: boolean };
type Found = { readonly key: Buffer; readonly cell: Cell & { kind: 'inline' | 'chunked' } };

/** Pages of items by bytes, as many queries as that takes, and what was found so far when the deadline comes near. */
export function itemReads(parts: ItemReadParts): Pick<Items, 'get' | 'scan'> {
  const { table, connection, chunks, calls, clock, levelOf } = parts;
  const columns = `SELECT key, cell FROM ${table} WHERE namespace = ? AND record = ?`;
  const sliceQueries = createSliceQueries(columns);
  const partitions = `SELECT DISTINCT namespace, record, token(namespace, record) AS position FROM ${table}`;
  /** Bytes of a row, so that a query asks for about one page. */
  let rowBytes = ROW_BYTES_AT_FIRST;

  function query(statement: Statement, rowsMax: number, namespace: string, call: Call): Promise<types.ResultSet> {
    return connection.execute(statement, levelOf(namespace), call, { fetchSize: rowsMax });
  }

  /** Adds what lies in the slice to the page, until the slice, the page or the time ends. */
  async function addSlice(page: Page<Found>, namespace: string, record: string, slice: Slice, call: Call): Promise<Stop> {
    let { from, to } = slice;
    let seen: Buffer | null = null;
    for (;;) {
      const rowsMax = Math.max(
        ROWS_MIN,
        Math.min(page.itemsMax - page.found.length + 1, Math.ceil(Math.max(0, page.bytesMax - page.bytes) / rowBytes) + 1),
      );
      const { rows } = await query(sliceStatement(namespace, record, from, to, slice.isDescending, rowsMax), rowsMax, namespace, call);
      let last: Buffer | null = null;
      for (const row of rows) {
        const key = row['key'] as Buffer;
        if (!add(page, key, row['cell'] as Buffer | null)) return { isEnd: false, after: last ?? seen };
        last = key;
      }
      if (rows.length < rowsMax || last === null) return END;
      seen = last;
      if (call.leftMs() < PARTIAL_BELOW_MS) return { isEnd: false, after: last };
      if (slice.isDescending) to = { key: last, isInclusive: false };
      else from = { key: last, isInclusive: false };
    }
  }

  function sliceStatement(
    namespace: string,
    record: string,
    from: Bound | null,
    to: Bound | null,
    isDescending: boolean,
    rowsMax: number,
  ): Statement {
    const params: unknown[] = [namespace, record];
    if (from !== null) params.push(asBuffer(from.key));
    if (to !== null) params.push(asBuffer(to.key));
    params.push(rowsMax);
    return { query: sliceQueries.of(from, to, isDescending), params };
  }

  async function addKeys(page: Page<Found>, namespace: string, record: string, keys: readonly Uint8Array[], call: Call): Promise<Stop> {
    for (let start = 0; start < keys.length; start += KEYS_PER_QUERY) {
      const some = keys.slice(start, start + KEYS_PER_QUERY).map(asBuffer);
      const statement =
        some.length === 1
          ? { query: `${columns} AND key = ?`, params: [namespace, record, some[0]] }
          : { query: `${columns} AND key IN ?`, params: [namespace, record, some] };
      const { rows } = await query(statement, KEYS_PER_QUERY, namespace, call);
      for (const row of rows) {
        if (!add(page, row['key'] as Buffer, row['cell'] as Buffer | null)) return { isEnd: false, after: page.lastKey };
      }
      const isLast = start + KEYS_PER_QUERY >= keys.length;
      if (!isLast && call.leftMs() < PARTIAL_BELOW_MS) return { isEnd: false, after: some.at(-1) ?? null };
    }
    return END;
  }

  /** False when the item no longer fits into the page. */
  function add(page: Page<Found>, key: Buffer, packed: Buffer | null): boolean {
    // A row whose cell was beaten by a deletion of its range may linger without it.
    if (packed === null) return true;
    const cell = unpackCell(packed);
    if (cell.kind === 'deleted' || (cell.expiresAtMs !== null && cell.expiresAtMs <= clock())) return true;
    const bytes = key.length + (cell.kind === 'inline' ? cell.value.length : cell.bytes);
    rowBytes += (Math.max(packed.length, 64) - rowBytes) * 0.05;
    return addToPage(page, { key, cell }, key, bytes);
  }

  async function itemsOf(found: readonly Found[], namespace: string, record: string, call: Call): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (const { key, cell } of found) {
      const value =
        cell.kind === 'inline' ? cell.value : await readChunks({ namespace, record, key, attempt: cell.attempt }, cell.bytes, call);
      items.push({ key: new Uint8Array(key), value, token: cell.token, expiresAtMs: cell.expiresAtMs });
    }
    return items;
  }

  async function readChunks(item: ChunkedItem, bytes: number, call: Call): Promise<Uint8Array> {
    const value = await chunks.read(item, bytes, levelOf(item.namespace), call);
    // Replaced and swept since its row was read; the next look finds the new one.
    if (value === null) throw new KvFault('KV_UNAVAILABLE', 'parts of a large value are missing');
    return value;
  }

  async function scanOnce(namespace: string, cursor: string | undefined, limits: Limits, call: Call): Promise<ScanPage> {
    const page = newPage<Found>(limits);
    const items: ScanPage['items'][number][] = [];
    let at = parseScanCursor(cursor);
    for (;;) {
      const isInside = at.record !== null;
      const listed =
        at.record === null ? await listPartitions(namespace, at.position, call) : [{ namespace, record: at.record, position: at.position }];
      for (const { namespace: owner, record, position } of listed) {
        const before = page.found.length;
        if (owner === namespace) {
          const from = at.key === null ? null : { key: at.key, isInclusive: false };
          const stop = await addSlice(page, namespace, record, { from, to: null, isDescending: false }, call);
          for (const item of await itemsOf(page.found.slice(before), namespace, record, call)) items.push({ ...item, record });
          if (!stop.isEnd) return { items, cursor: scanCursorAt(stop.after === null ? at : { position, record, key: stop.after }) };
        }
        at = { position, record: null, key: null };
      }
      if (!isInside && listed.length < PARTITIONS_PER_QUERY) return { items, cursor: null };
      if (call.leftMs() < PARTIAL_BELOW_MS) return { items, cursor: scanCursorAt(at) };
    }
  }

  /** In token order, of all namespaces: they share the table. Two partitions of one 64-bit token would count as one; with a billion records that is a chance of 1 in 40. */
  async function listPartitions(namespace: string, after: bigint | null, call: Call) {
    const statement =
      after === null
        ? { query: `${partitions} LIMIT ${PARTITIONS_PER_QUERY}`, params: [] }
        : { query: `${partitions} WHERE token(namespace, record) > ? LIMIT ${PARTITIONS_PER_QUERY}`, params: [after] };
    const { rows } = await query(statement, PARTITIONS_PER_QUERY, namespace, call);
    return rows.map((row) => ({
      namespace: row['namespace'] as string,
      record: row['record'] as string,
      position: row['position'] as bigint,
    }));
  }

  return {
    async get({ namespace, record, select = { kind: 'all' }, page: wanted }, options) {
      checkNamespace(namespace);
      checkName('record', record);
      checkSelection(select);
      const limits = checkPage(wanted);
      const last = parseCursor(wanted?.cursor);
      const keys = select.kind === 'keys' ? wantedKeys(select.keys, last) : [];
      return calls.run(options, 0, (call) =>
        patiently(call, async () => {
          const page = newPage<Found>(limits);
          const stop =
            select.kind === 'keys'
              ? await addKeys(page, namespace, record, keys, call)
              : await addSlice(page, namespace, record, sliceOf(select, last), call);
          const found = page.found;
          const items = found.every(isInline) ? found.map(itemOf) : await itemsOf(found, namespace, record, call);
          return { items, cursor: stop.isEnd || stop.after === null ? null : cursorAt(stop.after) };
        }),
      );
    },
    async scan({ namespace, page: wanted }, options) {
      checkNamespace(namespace);
      const limits = checkPage(wanted);
      parseScanCursor(wanted?.cursor);
      return calls.run(options, 0, (call) => patiently(call, () => scanOnce(namespace, wanted?.cursor, limits, call)));
    },
  };
}

function isInline({ cell }: Found): boolean {
  return cell.kind === 'inline';
}

function itemOf({ key, cell }: Found): Item {
  if (cell.kind !== 'inline') throw new TypeError('this value lies in parts');
  return { key: new Uint8Array(key), value: cell.value, token: cell.token, expiresAtMs: cell.expiresAtMs };
}

/** The same few texts again and again: the driver finds what it prepared by them, and a text made anew is hashed anew. */
function createSliceQueries(columns: string): { of(from: Bound | null, to: Bound | null, isDescending: boolean): string } {
  const known = new Map<number, string>();
  return {
    of(from, to, isDescending) {
      const shape =
        (from === null ? 0 : from.isInclusive ? 1 : 2) + 3 * (to === null ? 0 : to.isInclusive ? 1 : 2) + (isDescending ? 9 : 0);
      let text = known.get(shape);
      if (text === undefined) {
        const lower = from === null ? '' : from.isInclusive ? ' AND key >= ?' : ' AND key > ?';
        const upper = to === null ? '' : to.isInclusive ? ' AND key <= ?' : ' AND key < ?';
        text = `${columns}${lower}${upper} ORDER BY key ${isDescending ? 'DESC' : 'ASC'} LIMIT ?`;
        known.set(shape, text);
      }
      return text;
    },
  };
}

/** `after`: the last key looked at; null when not even one was. */
type Stop = { readonly isEnd: boolean; readonly after: Buffer | null };
const END: Stop = { isEnd: true, after: null };

type Limits = { readonly bytesMax: number; readonly itemsMax: number };

/** In byte order, whatever the order asked, each once: so that a cursor means one thing. */
function wantedKeys(keys: readonly Uint8Array[], last: Uint8Array | null): readonly Uint8Array[] {
  const sorted = keys.toSorted((a, b) => Buffer.compare(a, b));
  return sorted.filter((key, index) => {
    const previous = sorted[index - 1];
    return (previous === undefined || Buffer.compare(previous, key) < 0) && (last === null || Buffer.compare(key, last) > 0);
  });
}

function sliceOf(select: Exclude<Selection, { kind: 'keys' }>, last: Uint8Array | null): Slice {
  const isDescending = select.order === 'descending';
  let from: Bound | null = select.kind === 'range' && select.from !== undefined ? { key: select.from, isInclusive: true } : null;
  let to: Bound | null = select.kind === 'range' && select.to !== undefined ? { key: select.to, isInclusive: false } : null;
  if (last !== null) {
    if (isDescending) to = to === null || Buffer.compare(last, to.key) < 0 ? { key: last, isInclusive: false } : to;
    else from = from === null || Buffer.compare(last, from.key) >= 0 ? { key: last, isInclusive: false } : from;
  }
  return { from, to, isDescending };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}

const ROW_BYTES_AT_FIRST = 4_096;
const ROWS_MIN = 2;
const KEYS_PER_QUERY = 100;
const PARTITIONS_PER_QUERY = 500;
/** With less time than this left, what is there is given with a cursor rather than nothing. */
const PARTIAL_BELOW_MS = 500;
