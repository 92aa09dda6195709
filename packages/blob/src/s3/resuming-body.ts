import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { BlobFault } from '../port.ts';
import { RESUMES_MAX, RESUMES_WITHOUT_PROGRESS_MAX, RESUME_PAUSE_MS } from './limits.ts';

export type ResumingBody = {
  readonly what: string;
  readonly start: number;
  readonly end: number;
  readonly idleMs: number;
  readonly first: Readable;
  /** The same object's bytes from there to the end; rejects with a fault that ends the body, or another error after which it is tried again. */
  readonly reopen: (start: number, signal: AbortSignal) => Promise<Readable>;
};

/**
 * A body over as many connections as it takes: one that breaks, falls silent or ends early is gone on with at the byte where it stopped,
 * a bounded number of times. Nothing is fetched that is not asked for, so a slow reader holds little memory.
 */
export function resumingBody(about: ResumingBody): Readable {
  const closing = new AbortController();
  const chunks = chunksOf(about, closing.signal);
  return new Readable({
    read() {
      chunks.next().then(
        ({ done, value }) => (this.destroyed ? undefined : this.push(done === true ? null : value)),
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    destroy(error, done) {
      closing.abort();
      // Nobody may have begun to read it.
      about.first.destroy();
      done(error);
    },
  });
}

async function* chunksOf(about: ResumingBody, closed: AbortSignal): AsyncGenerator<Uint8Array, undefined> {
  const { what, start, end } = about;
  let [at, withoutProgress] = [start, 0];
  let source: Readable | null = about.first;
  for (let resumes = 0; ; resumes += 1) {
    const before = at;
    let cause: unknown = null;
    try {
      source ??= await about.reopen(at, closed);
      for await (const chunk of spoken(source, about.idleMs, closed)) {
        if (at + chunk.byteLength > end) throw new BlobFault('BLOB_UNAVAILABLE', `${what}: the S3 server sent more than it said.`);
        at += chunk.byteLength;
        if (chunk.byteLength > 0) yield chunk;
      }
    } catch (error) {
      if (error instanceof BlobFault && error.code !== 'BLOB_UNAVAILABLE') throw error;
      cause = error;
    }
    if (at === end || closed.aborted) return;
    source = null;
    withoutProgress = at > before ? 0 : withoutProgress + 1;
    if (withoutProgress > RESUMES_WITHOUT_PROGRESS_MAX || resumes >= RESUMES_MAX) {
      throw new BlobFault('BLOB_UNAVAILABLE', `${what}: the body broke off at byte ${at} of ${end}, again and again.`, { cause });
    }
    await pause(RESUME_PAUSE_MS * 2 ** withoutProgress, undefined, { signal: closed }).catch(() => undefined);
  }
}

/** The chunks of one connection's body; ends with an error when nothing comes for long while it is waited for. */
async function* spoken(source: Readable, idleMs: number, closed: AbortSignal): AsyncGenerator<Uint8Array> {
  const close = () => source.destroy(new Error('The reader has gone.'));
  closed.addEventListener('abort', close, { once: true });
  if (closed.aborted) close();
  const chunks = source[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    for (;;) {
      const timer = setTimeout(() => source.destroy(new Error(`Nothing came for ${idleMs} ms.`)), idleMs);
      const next = await chunks.next().finally(() => clearTimeout(timer));
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    closed.removeEventListener('abort', close);
    source.destroy();
  }
}
