import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { create, fromJsonString, toJsonString } from '@bufbuild/protobuf';
import type { BlobStore } from '@bioscope/blob';
import { RpcError } from '@bioscope/rpc';
import type { HttpHandler } from '@bioscope/rpc';
import { BlobReadSchema, CompleteUploadSchema } from '../../contract/index.ts';
import type { CompleteUpload } from '../../contract/index.ts';
import { faultOf } from '../domain/faults.ts';
import { createSeats } from '../domain/seats.ts';
import type { Seats } from '../domain/seats.ts';
import { answerOutcome, sendOutcome } from './answer-outcome.ts';
import type { OutcomeInit } from './answer-outcome.ts';

/** Bodies on their way in at once: more would only share the disk. */
const UPLOADS_MAX = 64;
/** Below the 256 connections that one process may have here. */
const DOWNLOADS_MAX = 192;
/** Ten thousand parts with their etags, as JSON. */
const COMPLETE_BYTES_MAX = 2 * 1024 * 1024;

/** The bytes of objects, streamed: `/blob/object`, `/blob/part`, `/blob/complete`; see blob.proto. */
export function serveBodies(blob: BlobStore): HttpHandler {
  const uploads = createSeats(UPLOADS_MAX);
  const downloads = createSeats(DOWNLOADS_MAX);
  return async (request, response, { path, url: { searchParams: query } }) => {
    const incoming = (work: (gone: AbortSignal) => Promise<OutcomeInit>) =>
      seated(uploads, request, response, () => answerOutcome(request, response, work));
    switch (`${request.method} ${path}`) {
      case 'GET /blob/object':
        return seated(downloads, request, response, () => sendObject(blob, query, request, response));
      case 'PUT /blob/object':
        return incoming((gone) => storeObject(blob, query, bodyOf(request), gone));
      case 'PUT /blob/part':
        return incoming(() => storePart(blob, query, bodyOf(request)));
      case 'POST /blob/complete':
        return incoming(async () => complete(blob, await readCompletion(request)));
      default:
        throw new RpcError('not_found', `there is no ${request.method} ${path}`);
    }
  };
}

async function seated(seats: Seats, request: IncomingMessage, response: ServerResponse, work: () => Promise<void>): Promise<void> {
  if (!seats.take()) {
    const message = 'The storage moves as many bodies as it can; try again later.';
    return sendOutcome(request, response, { case: 'fault', value: { code: 'BLOB_UNAVAILABLE', message } });
  }
  try {
    await work();
  } finally {
    seats.free();
  }
}

async function sendObject(blob: BlobStore, query: URLSearchParams, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [start, end] = [query.get('start'), query.get('end')];
  const range = start === null ? {} : { range: { start: Number(start), ...(end === null ? {} : { end: Number(end) }) } };
  let read: Awaited<ReturnType<BlobStore['get']>>;
  try {
    read = await blob.get(textOf(query, 'key'), range);
  } catch (error) {
    const fault = faultOf(error);
    if (fault === null) throw error;
    return sendOutcome(request, response, { case: 'fault', value: fault });
  }
  if (read === null) return sendOutcome(request, response, { case: 'missing', value: {} });
  const { key, bytes, etag, modifiedAtMs, range: given } = read;
  const about = create(BlobReadSchema, { info: { key, bytes, etag, modifiedAtMs }, ...given });
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': given.end - given.start,
    'bioscope-blob': toJsonString(BlobReadSchema, about),
  });
  try {
    await pipeline(read.body, response);
  } catch (error) {
    // A caller that goes away in the middle is no trouble of ours.
    if (!isPremature(error)) throw error;
  }
}

async function storeObject(
  blob: BlobStore,
  query: URLSearchParams,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<OutcomeInit> {
  const sha256 = query.get('sha256');
  const bytesExpected = query.get('bytes_expected');
  const put = await blob.put(textOf(query, 'key'), body, {
    signal,
    ifAbsent: query.has('if_absent'),
    ...(sha256 === null ? {} : { sha256 }),
    ...(bytesExpected === null ? {} : { bytesExpected: Number(bytesExpected) }),
  });
  if (put.kind === 'exists') return { case: 'exists', value: {} };
  return { case: 'stored', value: { etag: put.etag, bytes: put.bytes, sha256: put.sha256 } };
}

async function storePart(blob: BlobStore, query: URLSearchParams, body: AsyncIterable<Uint8Array>): Promise<OutcomeInit> {
  const upload = { key: textOf(query, 'key'), uploadId: textOf(query, 'upload_id') };
  return { case: 'stored', value: await blob.putPart({ ...upload, part: Number(query.get('part') ?? Number.NaN), body }) };
}

async function complete(blob: BlobStore, { upload, parts }: CompleteUpload): Promise<OutcomeInit> {
  const name = { key: upload?.key ?? '', uploadId: upload?.uploadId ?? '' };
  const { etag, bytes } = await blob.completeMultipart({
    ...name,
    parts: parts.map(({ part, etag: partEtag }) => ({ part, etag: partEtag })),
  });
  return { case: 'stored', value: { etag, bytes } };
}

async function readCompletion(request: IncomingMessage): Promise<CompleteUpload> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of bodyOf(request)) {
    bytes += chunk.length;
    if (bytes > COMPLETE_BYTES_MAX) throw new RpcError('resource_exhausted', `a completion has at most ${COMPLETE_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  try {
    return fromJsonString(CompleteUploadSchema, Buffer.concat(chunks).toString());
  } catch (cause) {
    throw new RpcError('invalid_argument', 'the body is not a CompleteUpload as JSON', { cause });
  }
}

/** Reading it may stop early without breaking the connection, on which the answer is still to go out. */
function bodyOf(request: IncomingMessage): AsyncIterable<Uint8Array> {
  return request.iterator({ destroyOnReturn: false });
}

function textOf(query: URLSearchParams, name: string): string {
  return query.get(name) ?? '';
}

function isPremature(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
