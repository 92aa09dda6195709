import assert from 'node:assert/strict';
import type { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { BlobFault } from '../port.ts';
import type { BlobPut } from '../port.ts';
import type { Bucket, CallOptions } from './bucket.ts';
import { throughConflicts } from './conflicts.ts';
import { answerOf, asFault, present } from './faults.ts';
import { PIECES_PARALLEL } from './limits.ts';
import { untilJoined } from './joined.ts';
import { bareEtag } from './lookup.ts';
import type { S3Place } from './lookup.ts';
import { findOwn, metadataOf, ownOrOther } from './put.ts';
import type { Writing } from './put.ts';
import type { Source } from './source.ts';

type Sending = { readonly source: Source; readonly first: Buffer; readonly pieceBytes: number };

/**
 * Sends a long body as a multipart upload, which becomes an object only when it is completed. Whatever goes wrong, the promise settles
 * only after the upload was aborted, so that no pieces stay behind and cost money; those of a killed process are swept later.
 */
export async function sendInPieces(place: S3Place, writing: Writing, { source, first, pieceBytes }: Sending): Promise<BlobPut> {
  const { bucket, names } = place;
  const { key, what, signal } = writing;
  const watch = watchedClient(bucket, { source, signal });
  const upload = new Upload({
    client: watch.client,
    params: {
      Bucket: bucket.name,
      Key: names.nameOf(key),
      // Chunk by chunk: read ahead, chunks of a megabyte would fill memory.
      Body: Readable.from(following(first, source), { highWaterMark: 1 }),
      Metadata: metadataOf(writing, writing.sha256),
      ...(writing.ifAbsent ? { IfNoneMatch: '*' } : {}),
    },
    partSize: pieceBytes,
    queueSize: PIECES_PARALLEL,
  });
  try {
    const { ETag: etag, $metadata: about } = await upload.done();
    const sent = source.sent();
    if ((about.attempts ?? 1) === 1) return { kind: 'stored', etag: bareEtag(present(what, etag)), ...sent };
    return await untilJoined(what, bucket.deadlines.joinMs, () => findOwn(place, writing, sent));
  } catch (error) {
    signal?.throwIfAborted();
    const trouble = source.trouble();
    const failed = watch.failed();
    // A failed call stops the source, which then is not to blame.
    if (trouble !== null && trouble.error !== failed?.error) throw trouble.error;
    const cause = failed?.error ?? error;
    return failed?.joining === true ? afterFailedJoin(place, writing, source.sent(), cause) : Promise.reject(asFault(what, cause));
  }
}

async function* following(first: Buffer, source: Source): AsyncGenerator<Uint8Array> {
  yield first;
  yield* source.rest();
  // A source that was closed early ends like a whole one; what is sent must not.
  assert.ok(source.isAtEnd(), 'the body was given up before its end');
}

/** The pieces may have become an object although the answer said otherwise or never came; and a conflict may end an upload. */
async function afterFailedJoin(
  place: S3Place,
  writing: Writing,
  sent: { bytes: number; sha256: string },
  cause: unknown,
): Promise<BlobPut> {
  const fault = asFault(writing.what, cause);
  if (answerOf(cause).status === 412) return ownOrOther(place, writing, sent);
  const own = await findOwn(place, writing, sent).catch(() => null);
  if (own !== null) return own;
  if (fault.code !== 'BLOB_UNKNOWN_UPLOAD') throw fault;
  throw new BlobFault('BLOB_UNAVAILABLE', `${writing.what}: the S3 server gave its pieces up before they were joined.`, { cause });
}

type Failed = { readonly error: unknown; readonly joining: boolean };

/**
 * The client as the uploader sees it, whose own handling of trouble is not enough: each call gets a deadline, and the first that fails
 * stops the source, for which the uploader would otherwise wait. The signal ends pieces under way, but neither the beginning of an upload
 * (its id would be lost) nor its aborting.
 */
function watchedClient(bucket: Bucket, { source, signal }: { source: Source; signal: AbortSignal | undefined }) {
  let failed: Failed | null = null;
  type Command = Parameters<S3Client['send']>[0];
  const send = async (command: Command): Promise<unknown> => {
    try {
      const options = optionsFor(command, signal);
      return await throughConflicts(() => bucket.run<unknown>((limits) => bucket.client.send(command, limits), options), options.signal);
    } catch (error) {
      if (!(command instanceof AbortMultipartUploadCommand)) {
        failed ??= { error, joining: command instanceof CompleteMultipartUploadCommand };
        source.stop(error);
      }
      throw error;
    }
  };
  const client = new Proxy(bucket.client, {
    get: (target, name): unknown => (name === 'send' ? send : Reflect.get(target, name, target)),
  });
  return { client, failed: (): Failed | null => failed };
}

function optionsFor(command: unknown, signal: AbortSignal | undefined): CallOptions {
  if (command instanceof CreateMultipartUploadCommand || command instanceof AbortMultipartUploadCommand) return { kind: 'call' };
  return { kind: command instanceof CompleteMultipartUploadCommand ? 'join' : 'piece', signal };
}
