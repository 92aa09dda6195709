import { CreateBucketCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { onDisk } from '../disk-faults.ts';
import { PART_BYTES_MAX, PART_BYTES_MIN } from '../port.ts';
import type { BlobStore } from '../port.ts';
import { openTemporary } from '../temporary.ts';
import { bucketAt } from './bucket.ts';
import type { Bucket, S3Address } from './bucket.ts';
import { answerOf, asFault, present } from './faults.ts';
import { getObject } from './get.ts';
import { COPIES_KEPT_BYTES_MAX, COPY_KEPT_MS, DEADLINES, PIECE_BYTES } from './limits.ts';
import type { S3Deadlines } from './limits.ts';
import { localCopies } from './local-copies.ts';
import { deleteObject, headObject, listObjects } from './lookup.ts';
import { multipartIn } from './multipart.ts';
import { namesBelow } from './names.ts';
import { presign } from './presign.ts';
import { putObject } from './put.ts';
import { sweepUploads } from './sweep-uploads.ts';

export type S3BlobsOptions = S3Address & {
  /** Local copies are fetched to it; made when it is not there. Room for the largest films that are prepared at once. */
  readonly temporaryFolder: string;
  /** Before every object's name, in parts that end with a slash: several stores may share a bucket. */
  readonly prefix?: string;
  /** Makes the bucket when it is not there. */
  readonly createBucket?: boolean;
  readonly deadlines?: Partial<S3Deadlines>;
  /** Longer bodies are sent in pieces of this size, 5 to 64 MiB; four are in memory for each. Default 16 MiB. */
  readonly pieceBytes?: number;
  /** Uploads in parts that were not touched for this long are aborted at the next open. Default seven days. */
  readonly multipartKeptMs?: number;
  /** How long a local copy that nobody uses stays for the next who asks. Default ten minutes. */
  readonly copiesKeptMs?: number;
  readonly copiesKeptBytesMax?: number;
  readonly nowMs?: () => number;
};

const DAY_MS = 86_400_000;

/**
 * Objects in a bucket of an S3 server: Amazon's, or another that has conditional writes (`If-None-Match`). Rejects with `BLOB_UNAVAILABLE`
 * when the server, the bucket or the credentials are not right. Disposing of it closes connections and removes unused local copies.
 */
export async function openS3Blobs(options: S3BlobsOptions): Promise<BlobStore & AsyncDisposable> {
  const { prefix = '', nowMs = Date.now, pieceBytes = PIECE_BYTES, multipartKeptMs = 7 * DAY_MS } = options;
  if (!Number.isSafeInteger(pieceBytes) || pieceBytes < PART_BYTES_MIN || pieceBytes > PART_BYTES_MAX) {
    throw new TypeError(`pieceBytes must be ${PART_BYTES_MIN} to ${PART_BYTES_MAX}, not ${pieceBytes}`);
  }
  const names = namesBelow(prefix);
  const bucket = bucketAt(options, { ...DEADLINES, ...options.deadlines });
  const place = { bucket, names, pieceBytes };
  try {
    await ensureBucket(bucket, options);
    await sweepUploads(place, nowMs() - multipartKeptMs);
    const temporary = await onDisk(`Opening the folder ${options.temporaryFolder}`, () => openTemporary(options.temporaryFolder));
    const [head, get] = [headObject(place), getObject(place)];
    const copies = localCopies(
      { head, get },
      {
        newTemporary: () => temporary.newPath(),
        keptMs: options.copiesKeptMs ?? COPY_KEPT_MS,
        keptBytesMax: options.copiesKeptBytesMax ?? COPIES_KEPT_BYTES_MAX,
      },
    );
    return {
      put: putObject(place),
      get,
      head,
      delete: deleteObject(place),
      list: listObjects(place),
      ...multipartIn(place),
      presign: presign(place, nowMs),
      localCopy: copies.localCopy,
      async [Symbol.asyncDispose]() {
        bucket.client.destroy();
        await copies[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    bucket.client.destroy();
    throw error;
  }
}

/** Lists a little instead of the HEAD that is made for this: the answer to a HEAD has no body, and so does not say what is wrong. */
async function ensureBucket(bucket: Bucket, { createBucket = false, region, endpoint }: S3BlobsOptions): Promise<void> {
  const what = `Opening the bucket ${bucket.name}${endpoint === undefined ? '' : ` at ${endpoint}`}`;
  const list = new ListObjectsV2Command({ Bucket: bucket.name, MaxKeys: 1 });
  try {
    const { IsTruncated: answered } = await bucket.run((limits) => bucket.client.send(list, limits));
    present(what, answered);
  } catch (error) {
    if (answerOf(error).name !== 'NoSuchBucket' || !createBucket) throw asFault(what, error);
    await create(bucket, { what, region });
  }
}

async function create(bucket: Bucket, { what, region }: { what: string; region: string }): Promise<void> {
  // Amazon's first region is the one that must not be named.
  const constraint = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as BucketRegion } };
  try {
    await bucket.run((limits) => bucket.client.send(new CreateBucketCommand({ Bucket: bucket.name, ...constraint }), limits));
  } catch (error) {
    // Another process made it at the same moment.
    if (answerOf(error).name !== 'BucketAlreadyOwnedByYou') throw asFault(what, error);
  }
}

type BucketRegion = NonNullable<
  NonNullable<ConstructorParameters<typeof CreateBucketCommand>[0]['CreateBucketConfiguration']>['LocationConstraint']
>;
