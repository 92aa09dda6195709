import { CallError } from '../api/call-error.ts';
import { readFault } from '../api/fault-body.ts';
import { nextPartBytes, PART_BYTES_FIRST } from './part-size.ts';
import type { UploadMemory } from './upload-memory.ts';

export type UploadNeeds = {
  /** Where `/uploads` is, without a trailing slash. */
  readonly origin: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly token: () => Promise<string>;
  /** Rejects with the signal's reason when it is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly nowMs: () => number;
  readonly memory: UploadMemory;
};

export type UploadRequest = {
  readonly file: File;
  readonly onProgress: (sentBytes: number) => void;
  readonly signal: AbortSignal;
};

export type UploadOutcome =
  | { kind: 'uploaded'; uploadId: string }
  /** Trying again would end the same. `message` is the service's. */
  | { kind: 'refused'; message: string }
  /** Nobody answered for long, or with faults only. What was sent is kept, and goes on where it stands. */
  | { kind: 'broke_off'; message: string };

/** In a row without progress: with the backoff some two minutes, in which a service restarts and a laptop finds its network. */
export const FAILURES_MAX = 16;
const BACKOFF_MIN_MS = 250;
const BACKOFF_MAX_MS = 10_000;
/** Of one request. Parts are made so small that they take seconds. */
const REQUEST_MS_MAX = 120_000;
const ID = /^[A-Za-z0-9_-]{1,64}$/;

/**
 * Uploads a file with tus 1.0.0 (https://tus.io/protocols/resumable-upload). A dropped connection goes on where the service stands, and so does a file that
 * is chosen again after a reload. Rejects with the signal's reason only.
 */
export async function uploadFile(needs: UploadNeeds, request: UploadRequest): Promise<UploadOutcome> {
  const { file, signal } = request;
  if (file.size === 0) return { kind: 'refused', message: 'The file is empty.' };
  let failures = 0;
  let partBytes = PART_BYTES_FIRST;
  for (;;) {
    try {
      const place = await findPlace(needs, request);
      request.onProgress(place.offset);
      for (let offset = place.offset; offset < file.size;) {
        const startedMs = needs.nowMs();
        const end = Math.min(file.size, offset + partBytes);
        const reached = await sendPart(needs, request, { uploadId: place.uploadId, offset, end });
        // An answer that takes nothing must not be asked for in a tight loop.
        if (reached <= offset) throw new Passing('The service keeps nothing of the upload.');
        partBytes = nextPartBytes(partBytes, needs.nowMs() - startedMs);
        offset = reached;
        failures = 0;
        request.onProgress(offset);
      }
      return { kind: 'uploaded', uploadId: place.uploadId };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Refused) return { kind: 'refused', message: error.message };
      // Nobody is signed in any more: that does not mend itself.
      if (error instanceof CallError && error.failure === 'forbidden') return { kind: 'broke_off', message: error.message };
      failures += 1;
      if (failures >= FAILURES_MAX)
        return { kind: 'broke_off', message: error instanceof Passing ? error.message : 'The service does not answer.' };
      await needs.pause(Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** (failures - 1)), signal);
    }
  }
}

/** Lets the service forget what it has of an upload. */
export async function dropUpload(needs: UploadNeeds, uploadId: string): Promise<void> {
  needs.memory.forget(uploadId);
  // What stays there expires.
  await send(needs, AbortSignal.timeout(REQUEST_MS_MAX), `/${uploadId}`, { method: 'DELETE' }).catch(() => undefined);
}

class Refused extends Error {}
class Passing extends Error {}

/** The upload of this file that was begun before, as far as the service has it; else a new one. */
async function findPlace(needs: UploadNeeds, request: UploadRequest): Promise<{ uploadId: string; offset: number }> {
  const { name, size, lastModified } = request.file;
  const begun = needs.memory.find({ name, size, lastModified });
  if (begun !== undefined) {
    const answer = await send(needs, request.signal, `/${begun}`, { method: 'HEAD' });
    if (answer.ok) return { uploadId: begun, offset: offsetOf(answer) };
    if (answer.status !== 404 && answer.status !== 410) throw await refusalOf(answer);
    needs.memory.forget(begun);
  }
  const answer = await send(needs, request.signal, '', {
    method: 'POST',
    headers: { 'upload-length': String(size), 'upload-metadata': `filename ${base64(name)}` },
  });
  if (answer.status !== 201) throw await refusalOf(answer);
  const uploadId = new URL(answer.headers.get('location') ?? '', `${needs.origin}/uploads/`).pathname.split('/').at(-1) ?? '';
  if (!ID.test(uploadId)) throw new Passing('The service gave no usable address for the upload.');
  needs.memory.keep({ name, size, lastModified, uploadId });
  return { uploadId, offset: 0 };
}

async function sendPart(needs: UploadNeeds, { file, signal }: UploadRequest, part: { uploadId: string; offset: number; end: number }) {
  const answer = await send(needs, signal, `/${part.uploadId}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/offset+octet-stream', 'upload-offset': String(part.offset) },
    body: file.slice(part.offset, part.end),
  });
  if (answer.ok) return offsetOf(answer);
  const refusal = await refusalOf(answer);
  // What the service refuses it has thrown away.
  if (refusal instanceof Refused) needs.memory.forget(part.uploadId);
  throw refusal;
}

type UploadCall = { readonly method: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: Blob };

async function send(needs: UploadNeeds, signal: AbortSignal, below: string, init: UploadCall): Promise<Response> {
  return needs.fetch(`${needs.origin}/uploads${below}`, {
    ...init,
    headers: { ...init.headers, 'tus-resumable': '1.0.0', authorization: `Bearer ${await needs.token()}` },
    signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS_MAX)]),
  });
}

function offsetOf(answer: Response): number {
  const text = answer.headers.get('upload-offset') ?? '';
  if (!/^\d{1,15}$/.test(text)) throw new Passing('The service did not say how much of the upload it has.');
  return Number(text);
}

/** 409: our offset is not the service's; 423: an earlier request still holds the upload; 404: it expired; 401, 408, 429 and most of 5xx pass. 507 is a full disk. */
async function refusalOf(answer: Response): Promise<Refused | Passing> {
  const { message } = await readFault(answer);
  const told = message || `The service answered ${answer.status}.`;
  const passes = [401, 404, 408, 409, 410, 423, 429].includes(answer.status) || (answer.status >= 500 && answer.status !== 507);
  return passes ? new Passing(told) : new Refused(told);
}

/** Of the name's UTF-8; `btoa` alone refuses what is not Latin. */
function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
