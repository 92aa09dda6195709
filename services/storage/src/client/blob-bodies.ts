import { fromJsonString } from '@bufbuild/protobuf';
import type { BlobBody, BlobPut, BlobRead, BlobStore } from '@bioscope/blob';
import { BlobFault } from '@bioscope/blob';
import { errorFromAnswer } from '@bioscope/rpc';
import type { HttpAnswer, HttpCallOptions, Rpc } from '@bioscope/rpc';
import { BlobOutcomeSchema, BlobReadSchema } from '../../contract/index.ts';
import type { BlobOutcome } from '../../contract/index.ts';
import { asBlobFault, blobFaultFrom } from '../domain/faults.ts';
import { createOutgoing } from './outgoing-body.ts';
import type { Patience } from './patience.ts';
import { incomingBody } from './incoming-body.ts';

export type Bodies = Required<Pick<BlobStore, 'put' | 'get' | 'putPart'>> & {
  /** `request`: a CompleteUpload as JSON. */
  complete(request: string): ReturnType<BlobStore['completeMultipart']>;
};

/** From the last byte sent to the head of the answer: the store writes what it has to disk meanwhile. */
const STORE_DEADLINE_MS = 120_000;

/** The calls that move bytes, over the storage's mount; see blob.proto. */
export function bodiesThrough(rpc: Rpc, patience: Patience): Bodies {
  const send = async (path: string, method: 'PUT' | 'POST', body: BlobBody, signal?: AbortSignal): Promise<BlobOutcome['is']> => {
    signal?.throwIfAborted();
    const outgoing = createOutgoing(body, signal);
    const options: HttpCallOptions = { method, body: outgoing.body, deadlineMs: STORE_DEADLINE_MS };
    if (signal !== undefined) options.signal = signal;
    try {
      return await readOutcome(await rpc.fetch('storage', path, options));
    } catch (error) {
      signal?.throwIfAborted();
      // The caller's own body broke: that is what happened, the rest only followed.
      throw outgoing.failure()?.cause ?? asBlobFault(error);
    } finally {
      outgoing.close();
    }
  };

  return {
    async put(key, body, { ifAbsent = false, sha256, bytesExpected, signal }: PutOptions = {}) {
      const query = new URLSearchParams({ key });
      if (ifAbsent) query.set('if_absent', '1');
      if (sha256 !== undefined) query.set('sha256', sha256);
      if (bytesExpected !== undefined) query.set('bytes_expected', String(bytesExpected));
      return putFrom(await send(`/blob/object?${query.toString()}`, 'PUT', body, signal));
    },

    async get(key, { range, signal } = {}) {
      const query = new URLSearchParams({ key });
      if (range !== undefined) query.set('start', String(range.start));
      if (range?.end !== undefined) query.set('end', String(range.end));
      const answer = await patience.with({ repeatable: true, signal }, (deadlineMs) => {
        return rpc.fetch('storage', `/blob/object?${query.toString()}`, { deadlineMs, ...(signal === undefined ? {} : { signal }) });
      });
      return readFrom(answer, signal);
    },

    async putPart({ key, uploadId, part, body }) {
      const query = new URLSearchParams({ key, upload_id: uploadId, part: String(part) });
      const { etag, bytes } = storedFrom(await send(`/blob/part?${query.toString()}`, 'PUT', body));
      return { etag, bytes };
    },

    async complete(request) {
      const { etag, bytes } = storedFrom(await send('/blob/complete', 'POST', new TextEncoder().encode(request)));
      return { etag, bytes };
    },
  };
}

type PutOptions = NonNullable<Parameters<BlobStore['put']>[2]>;

function putFrom(is: BlobOutcome['is']): BlobPut {
  if (is.case === 'exists') return { kind: 'exists' };
  const { etag, bytes, sha256 } = storedFrom(is);
  return { kind: 'stored', etag, bytes, sha256 };
}

function storedFrom(is: BlobOutcome['is']): { etag: string; bytes: number; sha256: string } {
  if (is.case === 'stored') return is.value;
  throw new BlobFault('BLOB_UNAVAILABLE', `The storage answered with ${is.case ?? 'nothing known'}.`);
}

async function readFrom(answer: HttpAnswer, signal: AbortSignal | undefined): Promise<BlobRead | null> {
  const about = answer.headers['bioscope-blob'];
  if (answer.status !== 200 || typeof about !== 'string' || about === 'outcome') {
    const is = await readOutcome(answer);
    if (is.case === 'missing') return null;
    throw new BlobFault('BLOB_UNAVAILABLE', `The storage answered with ${is.case ?? 'nothing known'}.`);
  }
  const { info, start, end } = fromJsonString(BlobReadSchema, about);
  const { key = '', bytes = 0, etag = '', modifiedAtMs = 0 } = info ?? {};
  return { key, bytes, etag, modifiedAtMs, range: { start, end }, body: incomingBody(answer.body, signal) };
}

/** Throws the fault where that is the outcome. */
async function readOutcome(answer: HttpAnswer): Promise<BlobOutcome['is']> {
  const body = await readAnswer(answer);
  if (answer.headers['bioscope-blob'] !== 'outcome') {
    const contentType = answer.headers['content-type'];
    throw asBlobFault(errorFromAnswer(answer.status, typeof contentType === 'string' ? contentType : undefined, body, false));
  }
  const { is } = fromJsonString(BlobOutcomeSchema, body.toString());
  if (is.case === 'fault') throw blobFaultFrom(is.value);
  return is;
}

async function readAnswer({ body }: HttpAnswer): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > OUTCOME_BYTES_MAX)
      throw new BlobFault('BLOB_UNAVAILABLE', `The storage answered with more than ${OUTCOME_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A few hundred bytes, and white space every ten seconds. */
const OUTCOME_BYTES_MAX = 65_536;
