import type { DatabaseSync } from 'node:sqlite';

type RangeTombstone = {
  readonly namespace: number;
  readonly record: Uint8Array;
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly token: Uint8Array;
  readonly until: number;
};

export type DeletedRecords = {
  /** False: certainly no range of this record was deleted lately. Answered from memory, because every put asks. */
  mayHave(namespace: number, record: Uint8Array): boolean;
  /** Whether a deletion as late as `token` or later covers the key. */
  covers(namespace: number, record: Uint8Array, key: Uint8Array, token: Uint8Array): boolean;
  add(tombstone: RangeTombstone): void;
};

/** Deleted ranges, remembered so that a late retry of an older put does not bring an item back. */
export function createDeletedRecords(database: DatabaseSync): DeletedRecords {
  const covering = database.prepare(
    'SELECT 1 FROM range_tombstones WHERE namespace = ? AND record = ? AND from_key <= ? AND to_key > ? AND token >= ? LIMIT 1',
  );
  const absorb = database.prepare(
    'DELETE FROM range_tombstones WHERE namespace = ? AND record = ? AND from_key >= ? AND to_key <= ? AND token <= ?',
  );
  const insert = database.prepare(
    'INSERT INTO range_tombstones (namespace, record, from_key, to_key, token, until) VALUES (?, ?, ?, ?, ?, ?)',
  );
  // Only ever a superset of the truth, so neither a rollback nor a sweep needs to touch it. Null: too many to remember, always ask.
  let known: Set<string> | null = load(database);

  return {
    mayHave: (namespace, record) => known === null || (known.size > 0 && known.has(nameOf(namespace, record))),
    covers: (namespace, record, key, token) => covering.get(namespace, record, key, key, token) !== undefined,
    add({ namespace, record, from, to, token, until }) {
      absorb.run(namespace, record, from, to, token);
      insert.run(namespace, record, from, to, token, until);
      known?.add(nameOf(namespace, record));
      if (known !== null && known.size > RECORDS_REMEMBERED_MAX) known = null;
    },
  };
}

function load(database: DatabaseSync): Set<string> | null {
  const known = new Set<string>();
  const rows = database.prepare('SELECT DISTINCT namespace, record FROM range_tombstones LIMIT ?').all(RECORDS_REMEMBERED_MAX + 1);
  for (const { namespace, record } of rows) known.add(nameOf(Number(namespace), record as Uint8Array));
  return known.size > RECORDS_REMEMBERED_MAX ? null : known;
}

function nameOf(namespace: number, record: Uint8Array): string {
  return `${namespace}:${Buffer.from(record.buffer, record.byteOffset, record.length).toString('latin1')}`;
}

/** About 10 MB of names; beyond it each put asks the table, which costs a microsecond or two. */
const RECORDS_REMEMBERED_MAX = 50_000;
