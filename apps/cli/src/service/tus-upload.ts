import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Transform } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { Complaint } from '../command.ts';
import type { Api } from './api.ts';
import { readErrorBody } from './api.ts';
import { exchange } from './http-exchange.ts';
import type { ExchangeAnswer } from './http-exchange.ts';

export type UploadRequest = {
  readonly file: string;
  readonly onProgress: (sentBytes: number, totalBytes: number) => void;
  /** Told once the server knows of the upload: keep it to go on after a crash. */
  readonly onCreated?: (uploadId: string) => void;
  /** An upload begun earlier; begun anew when the server has forgotten it. */
  readonly uploadId?: string;
  readonly signal?: AbortSignal;
};

/** One PATCH. Small enough that a broken connection costs little even when the server keeps nothing of it. */
const PATCH_BYTES_MAX = 32 * 1024 * 1024;
/** In a row without any progress. With the backoff about a minute: a restart of the service takes seconds. */
const FAILURES_MAX = 12;
const BACKOFF_MIN_MS = 200;
const BACKOFF_MAX_MS = 8_000;
const IDLE_MS = 30_000;
const TUS = { 'tus-resumable': '1.0.0' };

/**
 * Uploads a file with tus 1.0.0 (https://tus.io/protocols/resumable-upload) and resolves with the upload id. A dropped connection is resumed
 * where the server stands. Throws a `Complaint` with the server's reason when it refuses the file.
 */
export async function uploadFile(api: Api, request: UploadRequest): Promise<string> {
  const { size, mtimeMs } = await regularFile(request.file);
  let failures = 0;
  let uploadId = request.uploadId;
  let offset = 0;
  for (;;) {
    try {
      if (uploadId === undefined) {
        uploadId = await createUpload(api, request, size);
        request.onCreated?.(uploadId);
        offset = 0;
      } else {
        const known = await offsetOf(api, uploadId, request.signal);
        if (known === null) {
          uploadId = undefined;
          continue;
        }
        offset = known;
      }
      while (offset < size) {
        request.onProgress(offset, size);
        const before = offset;
        offset = await sendPart(api, request, uploadId, offset, Math.min(size, offset + PATCH_BYTES_MAX), size);
        // An answer that takes nothing must not be asked for in a tight loop.
        if (offset <= before) throw new Error('the service accepts the upload but keeps none of it');
        failures = 0;
      }
      request.onProgress(size, size);
      const now = await regularFile(request.file);
      if (now.size !== size || now.mtimeMs !== mtimeMs) throw new Complaint(`${request.file} changed while it was uploaded: add it again`);
      return uploadId;
    } catch (error) {
      if (error instanceof Complaint || request.signal?.aborted === true) throw error;
      failures += 1;
      if (failures > FAILURES_MAX) throw new Error(`the upload failed ${failures} times in a row`, { cause: error });
      await pause(
        Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** (failures - 1)),
        undefined,
        request.signal === undefined ? {} : { signal: request.signal },
      );
    }
  }
}

async function regularFile(file: string): Promise<{ size: number; mtimeMs: number }> {
  const info = await stat(file).catch((cause: unknown) => {
    throw new Complaint(
      `cannot read ${file}: ${cause instanceof Error && 'code' in cause && cause.code === 'ENOENT' ? 'there is no such file' : String(cause)}`,
      { cause },
    );
  });
  if (!info.isFile()) throw new Complaint(`${file} is not a file`);
  if (info.size === 0) throw new Complaint(`${file} is empty`);
  return info;
}

async function createUpload(api: Api, request: UploadRequest, size: number): Promise<string> {
  const answer = await send(api, request.signal, {
    method: 'POST',
    path: '/uploads',
    headers: {
      'upload-length': size,
      'upload-metadata': `filename ${Buffer.from(basename(request.file)).toString('base64')}`,
      'content-length': 0,
    },
  });
  const location = answer.headers.location;
  if (answer.status !== 201 || location === undefined) throw refusal(answer, 'the upload could not begin');
  const uploadId = new URL(location, 'http://upload/').pathname.split('/').at(-1) ?? '';
  if (!/^[A-Za-z0-9_-]+$/.test(uploadId)) throw new Error(`the service gave an unusable upload address: ${location}`);
  return uploadId;
}

/** What the server has of the upload; null when it knows nothing of it. */
async function offsetOf(api: Api, uploadId: string, signal: AbortSignal | undefined): Promise<number | null> {
  const answer = await send(api, signal, { method: 'HEAD', path: `/uploads/${uploadId}`, headers: {} });
  if (answer.status === 404 || answer.status === 410) return null;
  if (answer.status !== 200 && answer.status !== 204) throw refusal(answer, 'the upload could not be resumed');
  return readOffset(answer);
}

async function sendPart(api: Api, request: UploadRequest, uploadId: string, start: number, end: number, total: number): Promise<number> {
  const source = createReadStream(request.file, { start, end: end - 1, highWaterMark: 256 * 1024 });
  let sent = start;
  const counter = new Transform({
    transform(part: Buffer, _encoding, done) {
      sent += part.length;
      request.onProgress(sent, total);
      done(null, part);
    },
  });
  source.on('error', (error) => counter.destroy(error));
  try {
    const answer = await send(api, request.signal, {
      method: 'PATCH',
      path: `/uploads/${uploadId}`,
      headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': start, 'content-length': end - start },
      body: source.pipe(counter),
    });
    if (answer.status !== 204 && answer.status !== 200) throw refusal(answer, 'the upload was refused');
    return readOffset(answer);
  } finally {
    source.destroy();
  }
}

function send(
  api: Api,
  signal: AbortSignal | undefined,
  request: { method: string; path: string; headers: Record<string, string | number>; body?: Transform },
): Promise<ExchangeAnswer> {
  const { address, port, hostHeader, authorization } = api.endpoint;
  return exchange({
    address,
    port,
    hostHeader,
    method: request.method,
    path: request.path,
    headers: { ...TUS, authorization, ...request.headers },
    idleMs: IDLE_MS,
    ...(request.body === undefined ? {} : { body: request.body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

function readOffset(answer: ExchangeAnswer): number {
  const text = answer.headers['upload-offset'];
  const offset = typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(offset)) throw new Error('the service did not say how much of the upload it has');
  return offset;
}

/** What a person can mend is a complaint; the rest is tried again. */
function refusal(answer: ExchangeAnswer, what: string): Error {
  const reason = readErrorBody(answer.body.toString('utf8')).message ?? `HTTP status ${answer.status}`;
  // 409: our offset is not the server's; 423: an earlier request still holds the upload; 429 and 5xx pass.
  const passing =
    answer.status === 409 || answer.status === 423 || answer.status === 429 || (answer.status >= 500 && answer.status !== 507);
  return passing ? new Error(`${what}: ${reason}`) : new Complaint(`${what}: ${reason}`);
}
