import assert from 'node:assert/strict';
import { BlobFault } from '@bioscope/blob';
import type { BlobFaultCode } from '@bioscope/blob';

/** Awaits a refusal with this code, and perhaps with words that tell people what to do. */
export async function rejectsWith(code: BlobFaultCode, promise: Promise<unknown>, words = /./): Promise<void> {
  await assert.rejects(
    promise,
    (error) => error instanceof BlobFault && error.code === code && words.test(error.message),
    `must be refused with ${code} and ${words}`,
  );
}
