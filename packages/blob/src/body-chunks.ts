import { Buffer } from 'node:buffer';
import type { Readable } from 'node:stream';
import type { BlobBody } from './port.ts';

/**
 * The chunks of a body, until its end or the signal. A sender that falls silent does not hold an aborted write back: each wait for a chunk
 * ends with the signal. The body is closed when its reader stops early.
 */
export async function* chunksUntilAborted(body: BlobBody, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  signal?.throwIfAborted();
  const chunks = chunksOf(body);
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

async function* chunksOf(body: BlobBody): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body;
  else for await (const chunk of body) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
}

/** Closes a body that nobody is going to read, so that the file or socket behind it is not held open. */
export function closeUnread(body: BlobBody): void {
  if (!('destroy' in body) || typeof body.destroy !== 'function') return;
  // Its opening may still be under way and fail after this: nobody waits for that any more.
  if ('on' in body && typeof body.on === 'function') body.on('error', () => undefined);
  body.destroy();
}

/** A body for whoever reads it in a moment: its signal may abort it before, and an error that nobody listens for would end the process. */
export function readLater<T extends Readable>(body: T): T {
  return body.on('error', () => undefined);
}
