import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { BlobFault, checkKey } from '@bioscope/blob';
import type { BlobBody, BlobStore } from '@bioscope/blob';

/** Which promise the engine breaks. */
export type Break =
  | 'shows half-written objects'
  | 'checks for absence, then writes'
  | 'ignores the checksum'
  | 'lists in the order of writing'
  | 'off by one in ranges'
  | 'mixes two objects in a body';

/** A store in memory, whole but for one broken promise: the conformance suite must find each. */
export function memoryBlobs(broken: Break | null): BlobStore {
  const objects = new Map<string, Buffer>();
  const unsupported = () => Promise.reject(new BlobFault('BLOB_UNAVAILABLE', 'This engine has no such call.'));
  const infoOf = (key: string, bytes: Buffer) => ({ key, bytes: bytes.length, etag: sha256(bytes), modifiedAtMs: 0 });
  return {
    async put(key, body, options = {}) {
      checkKey(key);
      if (options.ifAbsent === true && objects.has(key)) return { kind: 'exists' };
      const bytes = await collect(body, options.signal, (half) => {
        if (broken === 'shows half-written objects') objects.set(key, half);
      });
      if (options.sha256 !== undefined && options.sha256 !== sha256(bytes) && broken !== 'ignores the checksum') {
        throw new BlobFault('BLOB_CHECKSUM', 'The bytes differ.');
      }
      const taken = options.ifAbsent === true && objects.has(key);
      if (taken && broken !== 'checks for absence, then writes') return { kind: 'exists' };
      objects.set(key, bytes);
      return { kind: 'stored', etag: sha256(bytes), bytes: bytes.length, sha256: sha256(bytes) };
    },
    async get(key, options = {}) {
      checkKey(key);
      const bytes = objects.get(key);
      if (bytes === undefined) return null;
      const { start, end = bytes.length } = options.range ?? { start: 0 };
      if (!Number.isInteger(start) || start < 0 || start > Math.min(end, bytes.length)) throw new BlobFault('BLOB_RANGE', 'Outside.');
      const range = { start, end: Math.min(end, bytes.length) };
      const last = broken === 'off by one in ranges' && range.end < bytes.length ? range.end + 1 : range.end;
      const half = start + Math.floor((last - start) / 2);
      const rest = () => (broken === 'mixes two objects in a body' ? (objects.get(key) ?? bytes) : bytes).subarray(half, last);
      return { ...infoOf(key, bytes), range, body: Readable.from(halves(bytes.subarray(start, half), rest)) };
    },
    async head(key) {
      checkKey(key);
      const bytes = objects.get(key);
      return bytes === undefined ? null : infoOf(key, bytes);
    },
    async delete(key) {
      checkKey(key);
      objects.delete(key);
    },
    async list({ prefix, cursor, keysMax = 1000 }) {
      const keys = [...objects.keys()];
      if (broken !== 'lists in the order of writing') keys.sort((one, other) => (one < other ? -1 : 1));
      const wanted = keys.filter((key) => key.startsWith(prefix) && (cursor === undefined || key > cursor));
      const page = wanted.slice(0, keysMax).map((key) => infoOf(key, objects.get(key) ?? Buffer.alloc(0)));
      return { objects: page, cursor: wanted.length > keysMax ? (page.at(-1)?.key ?? null) : null };
    },
    startMultipart: unsupported,
    putPart: unsupported,
    listParts: unsupported,
    completeMultipart: unsupported,
    abortMultipart: unsupported,
    presign: async ({ key }) => {
      checkKey(key);
      return `/${key}`;
    },
    localCopy: unsupported,
  };
}

async function* halves(first: Uint8Array, rest: () => Uint8Array): AsyncGenerator<Uint8Array> {
  yield first;
  yield rest();
}

async function collect(body: BlobBody, signal: AbortSignal | undefined, seen: (half: Buffer) => void): Promise<Buffer> {
  let whole = Buffer.alloc(0);
  const aborted = new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  const chunks = (body instanceof Uint8Array ? Readable.from([body]) : body)[Symbol.asyncIterator]();
  for (;;) {
    const next = await Promise.race([chunks.next(), aborted]);
    if (next.done === true) return whole;
    whole = Buffer.concat([whole, Buffer.from(next.value)]);
    seen(whole);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
