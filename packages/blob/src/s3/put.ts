import type { Buffer } from 'node:buffer';
import { randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { closeUnread } from '../body-chunks.ts';
import { checkKey } from '../key.ts';
import { PARTS_MAX } from '../port.ts';
import type { BlobPut, BlobStore } from '../port.ts';
import { throughConflicts } from './conflicts.ts';
import { answerOf, asFault, present } from './faults.ts';
import { bareEtag, look } from './lookup.ts';
import type { S3Place } from './lookup.ts';
import { openSource } from './source.ts';
import type { Source } from './source.ts';
import { sendInPieces } from './send-in-pieces.ts';

/** Names the write in the object's metadata: a creator whose answer was lost finds out that the object that is there is its own. */
const WRITE = 'bioscope-write';
/** Kept when it is known before the object is sent. */
const SHA256 = 'sha256';

export type Writing = {
  readonly key: string;
  readonly what: string;
  readonly ifAbsent: boolean;
  readonly sha256: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly write: string;
};

/** Small bodies in one request, whose checksum is known before anything is sent; others in pieces that become an object at the end. */
export function putObject(place: S3Place & { readonly pieceBytes: number }): BlobStore['put'] {
  return async (key, body, { ifAbsent = false, sha256, bytesExpected = 0, signal } = {}) => {
    using _closed = { [Symbol.dispose]: () => closeUnread(body) };
    checkKey(key);
    const writing: Writing = { key, what: `Storing ${key}`, ifAbsent, sha256, signal, write: randomUUID() };
    if (ifAbsent && (await look(place, key, signal)) !== null) return { kind: 'exists' };
    const pieceBytes = Math.max(place.pieceBytes, Math.ceil(bytesExpected / (PARTS_MAX * 0.9)));
    await using source = openSource(body, { pieceBytes, sha256, what: writing.what, signal });
    const first = await source.firstPiece();
    // Awaited here: the source is closed when this function returns.
    return source.isAtEnd()
      ? await putWhole(place, writing, first, source)
      : await sendInPieces(place, writing, { source, first, pieceBytes });
  };
}

async function putWhole(place: S3Place, writing: Writing, body: Buffer, source: Source): Promise<BlobPut> {
  const { key, what, ifAbsent, signal } = writing;
  const { bucket, names } = place;
  const { sha256 } = source.sent();
  const command = new PutObjectCommand({
    Bucket: bucket.name,
    Key: names.nameOf(key),
    Body: body,
    ContentLength: body.length,
    Metadata: metadataOf(writing, sha256),
    ...(ifAbsent ? { IfNoneMatch: '*' } : {}),
  });
  const send = () => bucket.run((limits) => bucket.client.send(command, limits), { signal, kind: 'piece' });
  try {
    const { ETag: etag } = await throughConflicts(send, signal);
    return { kind: 'stored', etag: bareEtag(present(what, etag)), bytes: body.length, sha256 };
  } catch (error) {
    signal?.throwIfAborted();
    if (answerOf(error).status === 412) return ownOrOther(place, writing, { bytes: body.length, sha256 });
    throw asFault(what, error);
  }
}

export function metadataOf({ write }: Writing, sha256: string | undefined): Record<string, string> {
  return { [WRITE]: write, ...(sha256 === undefined ? {} : { [SHA256]: sha256 }) };
}

/** A key that is taken may be so by an earlier try of this very write, whose answer was lost. */
export async function ownOrOther(place: S3Place, writing: Writing, sent: { bytes: number; sha256: string }): Promise<BlobPut> {
  return (await findOwn(place, writing, sent)) ?? { kind: 'exists' };
}

export async function findOwn(place: S3Place, { key, write }: Writing, sent: { bytes: number; sha256: string }): Promise<BlobPut | null> {
  const found = await look(place, key);
  return found?.metadata[WRITE] === write && found.info.bytes === sent.bytes ? { kind: 'stored', etag: found.info.etag, ...sent } : null;
}
