import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { BlobStore } from '@bioscope/blob';
import { openS3Blobs } from '@bioscope/blob/s3';
import type { S3BlobsOptions } from '@bioscope/blob/s3';
import type { AddressesOf } from '@bioscope/engines/testing';

export type OpenedS3 = {
  readonly store: BlobStore & AsyncDisposable;
  readonly options: S3BlobsOptions;
  readonly reopen: () => Promise<BlobStore & AsyncDisposable>;
} & AsyncDisposable;

/** An empty store of its own in the bucket of a server that others may use too. */
export async function openS3(addresses: AddressesOf['s3'], settings: Partial<S3BlobsOptions> = {}): Promise<OpenedS3> {
  const temporaryFolder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-s3-'));
  const { endpoint, region, bucket, accessKey: accessKeyId, secretKey: secretAccessKey } = addresses;
  const options = { endpoint, region, bucket, accessKeyId, secretAccessKey, temporaryFolder, prefix: `${randomUUID()}/`, ...settings };
  const opened: AsyncDisposable[] = [];
  const reopen = async () => {
    const store = await openS3Blobs(options);
    opened.push(store);
    return store;
  };
  const dispose = async () => {
    for (const store of opened) await store[Symbol.asyncDispose]();
    await rm(temporaryFolder, { recursive: true, force: true });
  };
  try {
    return { store: await reopen(), options, reopen, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
