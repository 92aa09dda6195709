import { after, before, describe } from 'node:test';
import { PART_BYTES_MIN } from '@bioscope/blob';
import { describeBlobConformance } from '@bioscope/blob/conformance';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import type { EngineForTests } from '@bioscope/engines/testing';
import { openS3 } from './s3-store.ts';

describe('blobs on an S3 server', { skip: engineMissing('s3') }, () => {
  let engine: EngineForTests<'s3'>;
  before(async () => {
    engine = await engineForTests('s3');
  });
  after(() => engine.release());

  // In the smallest pieces that S3 allows, so that the long bodies of the suite are sent in several.
  describeBlobConformance('s3', async () => {
    const opened = await openS3(engine.addresses, { pieceBytes: PART_BYTES_MIN });
    const { store, reopen } = opened;
    return { store, reopen, send, close: async () => opened[Symbol.asyncDispose]() };
  });
});

async function send({ url, method, body }: { url: string; method: string; body?: string }): Promise<{ status: number; body: string }> {
  const answer = await fetch(url, { method, signal: AbortSignal.timeout(10_000), ...(body === undefined ? {} : { body }) });
  return { status: answer.status, body: await answer.text() };
}
