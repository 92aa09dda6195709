import { LIMITS } from '../limits.ts';
import type { Selection, WriteToken } from '../port.ts';
import type { TransferSource } from './open-source.ts';
import type { RecordName } from './target.ts';

/** `value` null: deleted, and remembered so that a late retry does not bring it back. */
export type SourceItem = {
  readonly key: Uint8Array;
  readonly token: WriteToken;
  readonly value: Uint8Array | null;
  readonly expiresAtMs: number | null;
};
type SourceDeletion = RecordName & { readonly select: Selection; readonly token: WriteToken };

export type SourceItems = {
  /** Record after record, also those of which only deletions are left. Reads on in what is there when it gets there. */
  records(): Iterable<RecordName>;
  has(name: RecordName): boolean;
  /** In byte order of the keys. */
  itemsOf(name: RecordName): Iterable<SourceItem>;
  /** Ranges deleted within the grace time. */
  deletions(): Iterable<SourceDeletion>;
};

type ItemRow = { key: Uint8Array; token: Uint8Array; until: number | null; value: Uint8Array | null };
type RangeRow = { id: number; namespace: number; record: Uint8Array; from_key: Uint8Array; to_key: Uint8Array; token: Uint8Array };

/** The items of an embedded store by the pages, each of one moment, so that a long move never holds up the writer's log. */
export function sourceItems({ database, moment }: TransferSource, clock: () => number): SourceItems {
  const namespaces = database.prepare('SELECT id, name FROM namespaces ORDER BY id');
  const namespaceId = database.prepare('SELECT id FROM namespaces WHERE name = ?');
  // One jump of the index per record, however many items it has.
  const nextRecord = database.prepare('SELECT record FROM items WHERE namespace = ? AND record > ? ORDER BY record LIMIT 1');
  const any = database.prepare('SELECT 1 FROM items WHERE namespace = ? AND record = ? LIMIT 1');
  const page = (comparison: '>=' | '>') =>
    database.prepare(
      `SELECT key, token, until, value FROM items WHERE namespace = ? AND record = ? AND key ${comparison} ? ORDER BY key LIMIT ${ROWS_PER_PAGE}`,
    );
  const first = page('>=');
  const later = page('>');
  const ranges = database.prepare(
    `SELECT id, namespace, record, from_key, to_key, token FROM range_tombstones WHERE id > ? AND until > ? ORDER BY id LIMIT ${ROWS_PER_PAGE}`,
  );
  // A deletion and a later put of one microsecond: the embedded store compares nonces there, a distributed one cannot.
  const survivor = database.prepare(
    `SELECT 1 FROM items WHERE namespace = ? AND record = ? AND key >= ? AND key < ? AND value IS NOT NULL AND token > ? AND token < ? LIMIT 1`,
  );

  const idOf = (name: string): number | null => {
    const id = namespaceId.get(name)?.['id'];
    return typeof id === 'number' ? id : null;
  };

  /** Stops early when the page is full of bytes: it holds at least one row, however large. */
  function readPage(namespace: number, record: Uint8Array, after: Uint8Array | null): { rows: readonly ItemRow[]; isLast: boolean } {
    return moment(() => {
      const rows: ItemRow[] = [];
      let bytes = 0;
      const found = after === null ? first.iterate(namespace, record, EMPTY) : later.iterate(namespace, record, after);
      for (const row of found as Iterable<unknown> as Iterable<ItemRow>) {
        rows.push(row);
        bytes += row.key.length + (row.value?.length ?? 0);
        if (bytes > BYTES_PER_PAGE) return { rows, isLast: false };
      }
      return { rows, isLast: rows.length < ROWS_PER_PAGE };
    });
  }

  return {
    *records() {
      for (const { id, name } of namespaces.all()) {
        let after: Uint8Array = EMPTY;
        for (;;) {
          const record = nextRecord.get(Number(id), after)?.['record'];
          if (!(record instanceof Uint8Array)) break;
          yield { namespace: String(name), record: textOf(record) };
          after = record;
        }
      }
    },
    has({ namespace, record }) {
      const id = idOf(namespace);
      return id !== null && any.get(id, Buffer.from(record)) !== undefined;
    },
    *itemsOf({ namespace, record }) {
      const id = idOf(namespace);
      if (id === null) return;
      let after: Uint8Array | null = null;
      for (;;) {
        const { rows, isLast } = readPage(id, Buffer.from(record), after);
        for (const row of rows) yield itemOf(row);
        after = rows.at(-1)?.key ?? null;
        if (isLast || after === null) return;
      }
    },
    *deletions() {
      const names = new Map(namespaces.all().map(({ id, name }) => [Number(id), String(name)]));
      let after = 0;
      for (;;) {
        const rows = ranges.all(after, clock()) as RangeRow[];
        for (const row of rows) {
          after = row.id;
          const token = tokenOf(row.token);
          const survives = survivor.get(row.namespace, row.record, row.from_key, row.to_key, row.token, firstTokenAfter(token.timeUs));
          yield {
            namespace: names.get(row.namespace) ?? '',
            record: textOf(row.record),
            select: selectionOf(row),
            token: survives === undefined ? token : { ...token, timeUs: token.timeUs - 1 },
          };
        }
        if (rows.length < ROWS_PER_PAGE) return;
      }
    },
  };
}

function itemOf({ key, token, until, value }: ItemRow): SourceItem {
  return { key, token: tokenOf(token), value, expiresAtMs: value === null ? null : until };
}

/** The embedded store writes an open end as something longer than any key. */
function selectionOf({ from_key: from, to_key: to }: RangeRow): Selection {
  const isOpen = to.length > LIMITS.keyBytesMax;
  if (from.length === 0 && isOpen) return { kind: 'all' };
  return { kind: 'range', ...(from.length === 0 ? {} : { from }), ...(isOpen ? {} : { to }) };
}

function tokenOf(packed: Uint8Array): WriteToken {
  const view = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  return { timeUs: Number(view.readBigUInt64BE(0)), nonce: view.toString('hex', 8) };
}

function firstTokenAfter(timeUs: number): Uint8Array {
  const token = Buffer.alloc(24);
  token.writeBigUInt64BE(BigInt(timeUs) + 1n);
  return token;
}

export function textOf(name: Uint8Array): string {
  return Buffer.from(name.buffer, name.byteOffset, name.length).toString();
}

const EMPTY = new Uint8Array(0);
const ROWS_PER_PAGE = 1_000;
const BYTES_PER_PAGE = 2 * 1024 * 1024;
