import { Readable, addAbortSignal } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { readLater } from '../body-chunks.ts';
import { checkKey } from '../key.ts';
import { BlobFault } from '../port.ts';
import type { BlobRead, BlobStore } from '../port.ts';
import { answerOf, asFault, present } from './faults.ts';
import { infoOf, look } from './lookup.ts';
import type { S3Place } from './lookup.ts';
import { resumingBody } from './resuming-body.ts';

type Range = { readonly start: number; readonly end?: number };
type Wanted = { readonly key: string; readonly what: string; readonly range: Range; readonly signal?: AbortSignal | undefined };

export function getObject(place: S3Place): BlobStore['get'] {
  return async (key, { range = { start: 0 }, signal } = {}) => {
    checkKey(key);
    checkRange(range);
    const wanted = { key, what: `Reading ${key}`, range, signal };
    // HTTP has no range of no bytes.
    if (range.end === range.start) return readNothing(place, wanted);
    const answer = await open(place, wanted);
    if (answer === 'missing') return null;
    return answer === 'outside' ? readNothing(place, wanted) : readFrom(place, wanted, answer);
  };
}

function checkRange({ start, end }: Range): void {
  const whole = Number.isSafeInteger(start) && (end === undefined || Number.isSafeInteger(end));
  if (!whole || start < 0 || (end !== undefined && end < start)) throw outside(start, end, 'any object');
}

function outside(start: number, end: number | undefined, of: string): BlobFault {
  return new BlobFault('BLOB_RANGE', `The range ${start} to ${end ?? 'the end'} does not lie within ${of}.`);
}

async function open({ bucket, names }: S3Place, wanted: Wanted, etag?: string): Promise<GetObjectCommandOutput | 'missing' | 'outside'> {
  const { key, what, range, signal } = wanted;
  const isWhole = range.start === 0 && range.end === undefined;
  const command = new GetObjectCommand({
    Bucket: bucket.name,
    Key: names.nameOf(key),
    ...(isWhole ? {} : { Range: `bytes=${range.start}-${range.end === undefined ? '' : range.end - 1}` }),
    ...(etag === undefined ? {} : { IfMatch: `"${etag}"` }),
  });
  try {
    return await bucket.run((limits) => bucket.client.send(command, limits), { signal });
  } catch (error) {
    signal?.throwIfAborted();
    const { status, name } = answerOf(error);
    if (name === 'NoSuchKey') return 'missing';
    if (status === 416) return 'outside';
    if (status === 412) throw replaced(what, error);
    throw asFault(what, error);
  }
}

function replaced(what: string, cause?: unknown): BlobFault {
  return new BlobFault('BLOB_REPLACED', `${what}: another object took its place, or it was deleted, while it was read.`, { cause });
}

/** Ranges of no bytes: they are asked about, not read. */
async function readNothing(place: S3Place, { key, range, signal, what }: Wanted): Promise<BlobRead | null> {
  const found = await look(place, key, signal);
  if (found === null) return null;
  const { bytes } = found.info;
  if (range.start > bytes) throw outside(range.start, range.end, `the object's ${bytes} bytes`);
  // It grew since the server called the range too far.
  if (range.start < bytes && range.end !== range.start) throw replaced(what);
  return { ...found.info, range: { start: range.start, end: range.start }, body: Readable.from([], { objectMode: false }) };
}

function readFrom(place: S3Place, wanted: Wanted, answer: GetObjectCommandOutput): BlobRead {
  const { key, what, signal } = wanted;
  const first = answer.Body;
  if (!(first instanceof Readable)) throw new BlobFault('BLOB_UNAVAILABLE', `${what}: the answer has no body.`);
  try {
    const { start, end, bytes } = placeOf(answer, wanted);
    const info = { ...infoOf(what, key, answer), bytes };
    const body = resumingBody({
      what,
      start,
      end,
      first,
      idleMs: place.bucket.deadlines.idleMs,
      reopen: async (from, closed) => {
        const rest: Wanted = { key, what, range: { start: from, end }, signal: closed };
        const more = await open(place, rest, info.etag);
        if (typeof more === 'string') throw replaced(what);
        return checkedRest(more, rest, bytes);
      },
    });
    if (signal !== undefined) addAbortSignal(signal, body);
    return { ...info, range: { start, end }, body: readLater(body) };
  } catch (error) {
    first.destroy();
    throw error;
  }
}

/** Where the answered bytes lie in the object. A server or proxy that does not heed ranges would give the wrong bytes. */
function placeOf(answer: GetObjectCommandOutput, { what, range }: Wanted): { start: number; end: number; bytes: number } {
  const length = present(what, answer.ContentLength);
  const [, from, to, of] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(answer.ContentRange ?? '') ?? [];
  const place =
    from === undefined ? { start: 0, end: length, bytes: length } : { start: Number(from), end: Number(to) + 1, bytes: Number(of) };
  const wantedEnd = Math.min(range.end ?? place.bytes, place.bytes);
  if (place.start === range.start && place.end === wantedEnd && length === place.end - place.start) return place;
  throw new BlobFault('BLOB_UNAVAILABLE', `${what}: the S3 server answered another range than it was asked for.`);
}

function checkedRest(answer: GetObjectCommandOutput, rest: Wanted, bytes: number): Readable {
  const { Body: body } = answer;
  if (!(body instanceof Readable)) throw new BlobFault('BLOB_UNAVAILABLE', `${rest.what}: the answer has no body.`);
  if (placeOf(answer, rest).bytes === bytes) return body;
  body.destroy();
  throw replaced(rest.what);
}
