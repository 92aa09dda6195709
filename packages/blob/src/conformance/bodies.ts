import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { BlobFault } from '../port.ts';
import type { BlobFaultCode, BlobRead } from '../port.ts';

export const text = (content: string): Uint8Array => new TextEncoder().encode(content);
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that differ at every place, so that a wrong range cannot pass. */
export function pattern(bytes: number, seed = 1): Buffer {
  const made = Buffer.alloc(bytes);
  for (let at = 0, state = seed; at < bytes; at += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    made[at] = state >>> 16;
  }
  return made;
}

export async function bytesOf(read: BlobRead | null): Promise<Buffer> {
  assert.ok(read !== null, 'the object is not there');
  const chunks: Buffer[] = [];
  for await (const chunk of read.body) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

export async function rejectsWith(code: BlobFaultCode, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => error instanceof BlobFault && error.code === code, `must be refused with ${code}`);
}
