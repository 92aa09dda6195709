import { bad } from '../checks.ts';

/** Where a scan goes on: after the whole partition at `position`, or inside it after `key`. */
export type ScanPosition = { readonly position: bigint | null; readonly record: string | null; readonly key: Uint8Array | null };

export function scanCursorAt({ position, record, key }: ScanPosition): string {
  const inside = record === null || key === null ? '' : `.${encode(Buffer.from(record))}.${encode(key)}`;
  return `${position ?? TOKEN_MIN}${inside}`;
}

export function parseScanCursor(cursor: string | undefined): ScanPosition {
  if (cursor === undefined) return { position: null, record: null, key: null };
  const match = /^(-?\d{1,19})(?:\.([\w-]+)\.([\w-]*))?$/.exec(cursor);
  if (match === null) throw bad('page.cursor was not given by this store; leave it out to start again');
  const [, position = '', record, key] = match;
  if (record === undefined || key === undefined) return { position: BigInt(position), record: null, key: null };
  return { position: BigInt(position), record: Buffer.from(record, 'base64url').toString(), key: Buffer.from(key, 'base64url') };
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

/** No partition has the smallest of all tokens (Murmur3Partitioner). */
const TOKEN_MIN = -(2n ** 63n);
