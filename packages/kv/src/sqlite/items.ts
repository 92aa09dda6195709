import { checkItems, checkName, checkNamespace, checkPage, checkSelection, checkToken } from '../checks.ts';
import type { Item, ItemPage, Items, PageRequest, ScanPage, Selection, WriteToken } from '../port.ts';
import type { SqliteFile } from '../sqlite-worker/open.ts';
import type { Packer, Unpacker } from '../sqlite-worker/packing.ts';
import { KEY_CEILING, KEY_FLOOR, READ, WRITE } from './operations.ts';
import { cursorAt, parseCursor, parseScanCursor, scanCursorAt } from '../cursors.ts';

/** The items half of the store, as seen by callers: checks, packs, sends. */
export function sqliteItems(file: SqliteFile, clock: () => number): Items {
  return {
    async put({ namespace, record, items, token }, options) {
      checkNamespace(namespace);
      checkName('record', record);
      checkToken(token, clock());
      const bytes = checkItems(items);
      const pack = (packer: Packer): void => {
        packTarget(packer, namespace, record);
        packToken(packer, token);
        packer.u32(items.length);
        for (const item of items) {
          packer.bytes(item.key);
          packer.f64(item.ttlMs ?? 0);
          packer.bytes(item.value);
        }
      };
      return file.write({ operation: WRITE.put, bytes, options, pack, decode: nothing });
    },

    async get({ namespace, record, select = { kind: 'all' }, page }, options) {
      checkNamespace(namespace);
      checkName('record', record);
      checkSelection(select);
      const limits = checkPage(page);
      const request = { namespace, record, page: { ...limits, cursor: page?.cursor } };
      if (select.kind === 'keys') return getKeys(file, request, select.keys, options);
      return getRange(file, request, select, options);
    },

    async delete({ namespace, record, select, token }, options) {
      checkNamespace(namespace);
      checkName('record', record);
      checkToken(token, clock());
      checkSelection(select);
      const pack = (packer: Packer): void => {
        packTarget(packer, namespace, record);
        packToken(packer, token);
        if (select.kind === 'keys') {
          packer.u32(select.keys.length);
          for (const key of select.keys) packer.bytes(key);
        } else {
          const { from, to } = rangeOf(select);
          packer.bytes(from);
          packer.bytes(to);
        }
      };
      const operation = select.kind === 'keys' ? WRITE.deleteKeys : WRITE.deleteRange;
      return file.write({ operation, options, pack, decode: nothing });
    },

    async scan({ namespace, page }, options) {
      checkNamespace(namespace);
      const { bytesMax, itemsMax } = checkPage(page);
      const from = parseScanCursor(page?.cursor);
      const pack = (packer: Packer): void => {
        packer.text(namespace);
        packer.bytes(from.record);
        packer.bytes(from.key);
        packer.f64(bytesMax);
        packer.u32(itemsMax);
      };
      return file.read({ operation: READ.scan, options, pack, decode: unpackScan });
    },
  };
}

type Get = { namespace: string; record: string; page: { bytesMax: number; itemsMax: number; cursor: string | undefined } };
type Options = Parameters<Items['get']>[1];
type Range = Exclude<Selection, { kind: 'keys' }>;

function getRange(file: SqliteFile, { namespace, record, page }: Get, select: Range, options: Options): Promise<ItemPage> {
  const descending = select.order === 'descending';
  const last = parseCursor(page.cursor);
  let { from, to } = rangeOf(select);
  if (last !== null && descending) to = earlier(last, to);
  if (last !== null && !descending) from = later(successor(last), from);
  const pack = (packer: Packer): void => {
    packTarget(packer, namespace, record);
    packer.u8(descending ? 1 : 0);
    packer.bytes(from);
    packer.bytes(to);
    packPage(packer, page);
  };
  return file.read({ operation: READ.getRange, options, pack, decode: unpackPage });
}

/** Keys come back in byte order, whatever the order asked: so that a cursor means one thing. */
function getKeys(file: SqliteFile, { namespace, record, page }: Get, keys: readonly Uint8Array[], options: Options): Promise<ItemPage> {
  const last = parseCursor(page.cursor);
  const wanted = keys
    .toSorted((a, b) => Buffer.compare(a, b))
    .filter((key, index, sorted) => {
      const previous = sorted[index - 1];
      return (previous === undefined || Buffer.compare(previous, key) < 0) && (last === null || Buffer.compare(key, last) > 0);
    });
  const pack = (packer: Packer): void => {
    packTarget(packer, namespace, record);
    packPage(packer, page);
    packer.u32(wanted.length);
    for (const key of wanted) packer.bytes(key);
  };
  return file.read({ operation: READ.getKeys, options, pack, decode: unpackPage });
}

function rangeOf(select: Range): { from: Uint8Array; to: Uint8Array } {
  if (select.kind === 'all') return { from: KEY_FLOOR, to: KEY_CEILING };
  return { from: select.from ?? KEY_FLOOR, to: select.to ?? KEY_CEILING };
}

/** The next key in byte order: the same bytes and a zero. */
function successor(key: Uint8Array): Uint8Array {
  const next = new Uint8Array(key.length + 1);
  next.set(key);
  return next;
}

function earlier(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Buffer.compare(a, b) <= 0 ? a : b;
}

function later(a: Uint8Array, b: Uint8Array): Uint8Array {
  return Buffer.compare(a, b) >= 0 ? a : b;
}

function packTarget(packer: Packer, namespace: string, record: string): void {
  packer.text(namespace);
  packer.text(record);
}

function packToken(packer: Packer, token: WriteToken): void {
  packer.u32(24);
  packer.u64BigEndian(token.timeUs);
  packer.hex16(token.nonce);
}

function packPage(packer: Packer, page: Required<Omit<PageRequest, 'cursor'>>): void {
  packer.f64(page.bytesMax);
  packer.u32(page.itemsMax);
}

function unpackPage(answer: Unpacker): ItemPage {
  const items: Item[] = [];
  while (answer.u8() === 1) items.push(unpackItem(answer));
  const last = items.at(-1);
  return { items, cursor: answer.u8() === 1 && last !== undefined ? cursorAt(last.key) : null };
}

function unpackScan(answer: Unpacker): ScanPage {
  const items: (Item & { record: string })[] = [];
  while (answer.u8() === 1) items.push({ ...unpackItem(answer), record: answer.text() });
  const last = items.at(-1);
  return { items, cursor: answer.u8() === 1 && last !== undefined ? scanCursorAt(last.record, successor(last.key)) : null };
}

function unpackItem(answer: Unpacker): Item {
  const key = answer.ownBytes();
  const value = answer.ownBytes();
  const token = unpackToken(answer.bytes());
  const until = answer.f64();
  return { key, value, token, expiresAtMs: until === 0 ? null : until };
}

function unpackToken(bytes: Uint8Array<ArrayBuffer>): WriteToken {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return { timeUs: Number(view.readBigUInt64BE(0)), nonce: view.toString('hex', 8) };
}

function nothing(): void {}
