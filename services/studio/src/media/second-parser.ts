import { Worker } from 'node:worker_threads';

import type { Container } from './sniff.ts';

/** What mediabunny, which shares no code with ffmpeg, reads in the file. */
export type SecondOpinion =
  | {
      readonly kind: 'read';
      readonly video: readonly { readonly width: number; readonly height: number; readonly rotation: number }[];
      readonly audioTracks: number;
      readonly durationSeconds: number | null;
    }
  | { readonly kind: 'unreadable'; readonly because: string }
  /** It does not know the container: ffprobe and the decode checks stand alone. */
  | { readonly kind: 'unknown_container' };

const READS: ReadonlySet<Container> = new Set(['mov', 'matroska', 'mpegts']);

/**
 * Asks the second parser in a thread of its own, with bounded memory and time, so that a file which makes it loop or swell costs us an
 * opinion and nothing else.
 */
export async function askSecondParser(request: {
  readonly path: string;
  readonly container: Container;
  readonly signal?: AbortSignal;
}): Promise<SecondOpinion> {
  if (!READS.has(request.container)) return { kind: 'unknown_container' };
  request.signal?.throwIfAborted();
  const worker = new Worker(new URL('second-parser-worker.ts', import.meta.url), {
    workerData: request.path,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MIB_MAX },
    env: {},
    execArgv: [],
  });
  const { promise, resolve, reject } = Promise.withResolvers<SecondOpinion>();
  const timer = setTimeout(() => resolve({ kind: 'unreadable', because: `no answer within ${WALL_MS} ms` }), WALL_MS);
  const onAbort = (): void => reject(request.signal?.reason);
  request.signal?.addEventListener('abort', onAbort, { once: true });
  worker.once('message', resolve);
  worker.once('error', (fault: Error) => resolve({ kind: 'unreadable', because: fault.message }));
  worker.once('exit', () => resolve({ kind: 'unreadable', because: 'it ended without an answer' }));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
    await worker.terminate();
  }
}

/** Headers of a film of hours take milliseconds. */
const WALL_MS = 15_000;
const MEMORY_MIB_MAX = 512;
