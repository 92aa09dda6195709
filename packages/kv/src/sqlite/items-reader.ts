import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Packer } from '../sqlite-worker/packing.ts';
import type { Operation } from '../sqlite-worker/program.ts';
import type { Namespaces } from './namespaces.ts';
import { READ } from './operations.ts';

type ItemRow = [key: Uint8Array, value: Uint8Array, token: Uint8Array, until: number | null];
type ScanRow = [...ItemRow, record: Uint8Array];

/** Answers: for each item 1 and the item, then 0, then 1 when more may follow. */
export function itemReads(database: DatabaseSync, namespaces: Namespaces): Record<number, Operation> {
  const live = 'value IS NOT NULL AND (until IS NULL OR until > ?)';
  const range = `SELECT key, value, token, until FROM items WHERE namespace = ? AND record = ? AND key >= ? AND key < ? AND ${live} ORDER BY key`;
  const ascending = rows(database.prepare(range));
  const descending = rows(database.prepare(`${range} DESC`));
  const one = rows(
    database.prepare(`SELECT key, value, token, until FROM items WHERE namespace = ? AND record = ? AND key = ? AND ${live}`),
  );
  const all = rows(
    database.prepare(
      `SELECT key, value, token, until, record FROM items WHERE namespace = ? AND (record, key) >= (?, ?) AND ${live} ORDER BY record, key`,
    ),
  );

  return {
    [READ.getRange]: (request, answer, nowMs) => {
      const namespace = namespaces.find(request.text());
      const record = request.bytes();
      const statement = request.u8() === 1 ? descending : ascending;
      const from = request.bytes();
      const to = request.bytes();
      const page = { bytesMax: request.f64(), itemsMax: request.u32() };
      if (namespace === null) return packEnd(answer, false);
      packPage(answer, page, statement.iterate(namespace, record, from, to, nowMs) as Iterable<unknown> as Iterable<ItemRow>, packItem);
    },
    [READ.getKeys]: (request, answer, nowMs) => {
      const namespace = namespaces.find(request.text());
      const record = request.bytes();
      const page = { bytesMax: request.f64(), itemsMax: request.u32() };
      const found = function* (): Iterable<ItemRow> {
        for (let count = request.u32(); count > 0; count -= 1) {
          const row = namespace === null ? undefined : one.get(namespace, record, request.bytes(), nowMs);
          if (row !== undefined) yield row as unknown as ItemRow;
        }
      };
      packPage(answer, page, found(), packItem);
    },
    [READ.scan]: (request, answer, nowMs) => {
      const namespace = namespaces.find(request.text());
      const fromRecord = request.bytes();
      const fromKey = request.bytes();
      const page = { bytesMax: request.f64(), itemsMax: request.u32() };
      if (namespace === null) return packEnd(answer, false);
      const found = all.iterate(namespace, fromRecord, fromKey, nowMs) as Iterable<unknown> as Iterable<ScanRow>;
      packPage(answer, page, found, (row, into) => {
        packItem(row, into);
        into.bytes(row[4]);
      });
    },
  };
}

/** Leaves the rest unread once the page is full, but always takes the first item, however large. */
function packPage<R extends ItemRow | ScanRow>(
  answer: Packer,
  page: { bytesMax: number; itemsMax: number },
  found: Iterable<R>,
  pack: (row: R, answer: Packer) => void,
): void {
  let bytes = 0;
  let items = 0;
  for (const row of found) {
    bytes += row[0].length + row[1].length;
    if (items > 0 && (bytes > page.bytesMax || items >= page.itemsMax)) return packEnd(answer, true);
    answer.u8(1);
    pack(row, answer);
    items += 1;
  }
  packEnd(answer, false);
}

function packItem([key, value, token, until]: ItemRow | ScanRow, answer: Packer): void {
  answer.bytes(key);
  answer.bytes(value);
  answer.bytes(token);
  answer.f64(until ?? 0);
}

function packEnd(answer: Packer, more: boolean): void {
  answer.u8(0);
  answer.u8(more ? 1 : 0);
}

function rows(statement: StatementSync): StatementSync {
  statement.setReturnArrays(true);
  return statement;
}
