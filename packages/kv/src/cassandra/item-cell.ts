import type { WriteToken } from '../port.ts';

/**
 * How an item lies in its one cell: nonce (16 bytes) · kind (1) · time in microseconds (8) · expiry in milliseconds since the epoch, 0 for none (8) · value, or for a chunked
 * value its length (4) and the attempt that wrote its parts (16). The nonce comes first because Cassandra lets the greater value win between two cells of one timestamp.
 */
export type Cell =
  | { readonly kind: 'deleted'; readonly token: WriteToken }
  | { readonly kind: 'inline'; readonly token: WriteToken; readonly expiresAtMs: number | null; readonly value: Uint8Array }
  | {
      readonly kind: 'chunked';
      readonly token: WriteToken;
      readonly expiresAtMs: number | null;
      readonly bytes: number;
      readonly attempt: Buffer;
    };

export function packInline(token: WriteToken, expiresAtMs: number | null, value: Uint8Array): Buffer {
  const cell = head(token, INLINE, expiresAtMs, value.length);
  cell.set(value, HEAD_BYTES);
  return cell;
}

/** `attempt`: 16 bytes. */
export function packChunked(token: WriteToken, expiresAtMs: number | null, bytes: number, attempt: Buffer): Buffer {
  const cell = head(token, CHUNKED, expiresAtMs, 20);
  cell.writeUInt32BE(bytes, HEAD_BYTES);
  cell.set(attempt, HEAD_BYTES + 4);
  return cell;
}

export function packDeleted(token: WriteToken): Buffer {
  return head(token, DELETED, null, 0);
}

/** Throws on what no release wrote. The value is a copy: the cell is part of a larger buffer of the driver. */
export function unpackCell(cell: Buffer): Cell {
  const token = { timeUs: read64(cell, 17), nonce: cell.toString('hex', 0, 16) };
  const kind = cell[16];
  if (kind === DELETED) return { kind: 'deleted', token };
  const expires = read64(cell, 25);
  const expiresAtMs = expires === 0 ? null : expires;
  if (kind === INLINE) {
    const value = new Uint8Array(cell.length - HEAD_BYTES);
    cell.copy(value, 0, HEAD_BYTES);
    return { kind: 'inline', token, expiresAtMs, value };
  }
  if (kind === CHUNKED) {
    const attempt = cell.subarray(HEAD_BYTES + 4, HEAD_BYTES + 20);
    return { kind: 'chunked', token, expiresAtMs, bytes: cell.readUInt32BE(HEAD_BYTES), attempt };
  }
  throw new Error(`an item's cell is of kind ${kind}, which this release does not know`);
}

/** Twice the token's time, and one more for a deletion: between a put and a deletion of one time the deletion wins, on every replica alike. */
export function putTimestamp(token: WriteToken): bigint {
  return BigInt(token.timeUs) * 2n;
}

export function deleteTimestamp(token: WriteToken): bigint {
  return BigInt(token.timeUs) * 2n + 1n;
}

function head(token: WriteToken, kind: number, expiresAtMs: number | null, bytes: number): Buffer {
  const cell = Buffer.allocUnsafe(HEAD_BYTES + bytes);
  cell.write(token.nonce, 0, 16, 'hex');
  cell[16] = kind;
  write64(cell, 17, token.timeUs);
  write64(cell, 25, expiresAtMs ?? 0);
  return cell;
}

/** Whole numbers below 2^53, without the cost of a bigint. */
function write64(into: Buffer, at: number, value: number): void {
  into.writeUInt32BE(Math.floor(value / 2 ** 32), at);
  into.writeUInt32BE(value % 2 ** 32, at + 4);
}

function read64(from: Buffer, at: number): number {
  return from.readUInt32BE(at) * 2 ** 32 + from.readUInt32BE(at + 4);
}

const HEAD_BYTES = 33;
const INLINE = 0;
const CHUNKED = 1;
const DELETED = 255;
