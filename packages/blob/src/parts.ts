import { BlobFault, PARTS_MAX, PART_BYTES_MAX, PART_BYTES_MIN } from './port.ts';

export type NamedPart = { readonly part: number; readonly etag: string };
export type StoredPart = NamedPart & { readonly bytes: number };

/** What the port says of parts, for engines: all rejected with `BLOB_RANGE`. */
export function checkPartNumber(part: number): void {
  if (Number.isSafeInteger(part) && part >= 1 && part <= PARTS_MAX) return;
  throw new BlobFault('BLOB_RANGE', `A part's number is 1 to ${PARTS_MAX}, not ${part}.`);
}

/** The size of the whole when the named parts are the stored ones: `BLOB_CHECKSUM` for another etag, then `BLOB_RANGE` for one too small to be followed. */
export function sizeOfNamed(asked: readonly NamedPart[], stored: readonly StoredPart[]): number {
  checkOrder(asked);
  const parts = new Map(stored.map((each) => [each.part, each]));
  const named = asked.map(({ part, etag }) => {
    const found = parts.get(part);
    if (found?.etag === etag) return found;
    throw new BlobFault('BLOB_CHECKSUM', `Part ${part} was not stored with the etag ${JSON.stringify(etag.slice(0, 64))}.`);
  });
  for (const { part, bytes } of named.slice(0, -1)) {
    if (bytes >= PART_BYTES_MIN) continue;
    throw new BlobFault('BLOB_RANGE', `Part ${part} has ${bytes} bytes; each but the last has at least ${PART_BYTES_MIN}.`);
  }
  return named.reduce((sum, { bytes }) => sum + bytes, 0);
}

export function checkPartNotOver(bytes: number): void {
  if (bytes > PART_BYTES_MAX) throw new BlobFault('BLOB_RANGE', `A part has at most ${PART_BYTES_MAX} bytes.`);
}

function checkOrder(asked: readonly { part: number }[]): void {
  if (asked.length === 0) throw new BlobFault('BLOB_RANGE', 'An upload is completed with at least one part.');
  let before = 0;
  for (const { part } of asked) {
    if (part <= before) throw new BlobFault('BLOB_RANGE', `Parts are named in growing order: ${part} came after ${before}.`);
    before = part;
  }
}
