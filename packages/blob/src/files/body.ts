import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { BlobBody } from '../port.ts';

export type Written = { readonly bytes: number; readonly sha256: string };

/** Writes a body to a file from its beginning, hashing as it goes; the file's end is the body's end. Waits for the disk, so that a fast sender cannot fill memory. */
export async function writeBody(file: FileHandle, body: BlobBody, signal?: AbortSignal): Promise<Written> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of untilAborted(chunksOf(body), signal)) {
    hash.update(chunk);
    for (let written = 0; written < chunk.byteLength;) {
      written += (await file.write(chunk, written, chunk.byteLength - written, bytes + written)).bytesWritten;
    }
    bytes += chunk.byteLength;
  }
  await file.sync();
  return { bytes, sha256: hash.digest('hex') };
}

async function* chunksOf(body: BlobBody): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body;
  else for await (const chunk of body) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** A sender that falls silent does not hold an aborted write back: each wait for a chunk ends with the signal. */
async function* untilAborted(chunks: AsyncGenerator<Uint8Array>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => undefined);
  const abort = () => aborted.reject(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  try {
    for (;;) {
      const next = await Promise.race([chunks.next(), aborted.promise]);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal?.removeEventListener('abort', abort);
    // Not awaited: a generator that waits for a silent sender ends only when the sender speaks.
    chunks.return(undefined).catch(() => undefined);
  }
}
