import { bad } from './checks.ts';
import { LIMITS } from './limits.ts';

// A cursor is the base64url of the last key seen; a scan's is the record and the key to go on from, with a dot between.

export function cursorAt(key: Uint8Array): string {
  return Buffer.from(key).toString('base64url');
}

/** Null without a cursor. */
export function parseCursor(cursor: string | undefined): Uint8Array | null {
  return cursor === undefined ? null : decode(cursor, LIMITS.keyBytesMax);
}

export function scanCursorAt(record: string, nextKey: Uint8Array): string {
  return `${Buffer.from(record).toString('base64url')}.${cursorAt(nextKey)}`;
}

export function parseScanCursor(cursor: string | undefined): { record: Uint8Array; key: Uint8Array } {
  if (cursor === undefined) return { record: new Uint8Array(), key: new Uint8Array() };
  const [record, key, ...rest] = cursor.split('.');
  if (record === undefined || key === undefined || rest.length > 0) throw notOurs();
  return { record: decode(record, LIMITS.nameBytesMax), key: decode(key, LIMITS.keyBytesMax + 1) };
}

function decode(text: string, bytesMax: number): Uint8Array {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length > bytesMax || bytes.toString('base64url') !== text) throw notOurs();
  return bytes;
}

function notOurs(): Error {
  return bad('page.cursor was not given by this store; leave it out to start again');
}
