import { createHash } from 'node:crypto';
import { PART_BYTES_MIN } from '@bioscope/blob';

/** An object known by its number: the number's hash, repeated, so that any whole one can be told from a piece of one. Some are of two parts. */
export function bytesOf(number: number): Uint8Array {
  const block = createHash('sha256').update(String(number)).digest();
  return Buffer.alloc((number % 12 === 0 ? PART_BYTES_MIN : 0) + 2_000 + ((number * 7_919) % 120_000), block);
}
