import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import type { WantedFile } from '../files/file-store.ts';
import { isNoSpace, messageOf } from '../files/faults.ts';
import type { Source } from './source.ts';

export type DownloadOptions = {
  readonly file: WantedFile;
  /** Tried in order; each goes on where the one before stopped. */
  readonly sources: readonly Source[];
  readonly partialPath: string;
  /** A source that sends nothing for this long is given up. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  /** Holds the download back to the rate allowed. */
  pace(bytes: number): Promise<void>;
};

/**
 * Fetches one file into `partialPath` and checks it; what an earlier, killed download left there is used. Resolves when all bytes are there, right
 * and written; rejects with the reasons of all sources, or at once when the disk is full (the partial file is then emptied, to give back its space).
 */
export async function download(options: DownloadOptions): Promise<void> {
  const handle = await open(options.partialPath, 'a+');
  try {
    const progress = await resume(handle, options.file);
    const reasons: string[] = [];
    for (const source of options.sources) {
      try {
        await fetchRest(source, handle, progress, options);
        return await handle.sync();
      } catch (error) {
        if (isNoSpace(error)) {
          await handle.truncate(0);
          throw error;
        }
        options.signal.throwIfAborted();
        reasons.push(`${source.name}: ${messageOf(error)}`);
      }
    }
    throw new Error(reasons.length === 0 ? 'nobody has it' : reasons.join('; '));
  } finally {
    await handle.close();
  }
}

type Progress = { bytes: number; hash: Hash };

/** Hashes what is already there; a file that is too long to be a beginning is emptied. */
async function resume(handle: FileHandle, file: WantedFile): Promise<Progress> {
  const progress: Progress = { bytes: 0, hash: createHash('sha256') };
  if ((await handle.stat()).size > file.bytes) await restart(handle, progress);
  const buffer = Buffer.allocUnsafe(1024 * 1024);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, progress.bytes);
    if (bytesRead === 0) return progress;
    progress.hash.update(buffer.subarray(0, bytesRead));
    progress.bytes += bytesRead;
  }
}

async function fetchRest(source: Source, handle: FileHandle, progress: Progress, options: DownloadOptions): Promise<void> {
  const { file } = options;
  if (progress.bytes < file.bytes) await receive(source, handle, progress, options);
  if (progress.bytes < file.bytes) throw new Error(`stopped after ${progress.bytes} of ${file.bytes} bytes`);
  const sha256 = progress.hash.copy().digest('hex');
  if (sha256 === file.sha256) return;
  // Nobody knows which bytes are wrong, or whose they were.
  await restart(handle, progress);
  throw new Error(`sent bytes with the checksum ${sha256.slice(0, 12)}… instead of ${file.sha256.slice(0, 12)}…`);
}

async function receive(source: Source, handle: FileHandle, progress: Progress, options: DownloadOptions): Promise<void> {
  const stall = new AbortController();
  let isPacing = false;
  const timer = setTimeout(() => {
    // Held back by our own rate: that is not the source's silence.
    if (isPacing) timer.refresh();
    else stall.abort(new Error(`sent nothing for ${options.stallMs} ms`));
  }, options.stallMs);
  const signal = AbortSignal.any([options.signal, stall.signal]);
  try {
    const { startsAt, body } = await source.open(progress.bytes, signal);
    if (startsAt !== progress.bytes) await restart(handle, progress);
    for await (const chunk of untilAborted(body, signal)) {
      if (progress.bytes + chunk.length > options.file.bytes) {
        await restart(handle, progress);
        throw new Error(`sent more than ${options.file.bytes} bytes`);
      }
      await writeAll(handle, chunk);
      progress.hash.update(chunk);
      progress.bytes += chunk.length;
      isPacing = true;
      await options.pace(chunk.length);
      isPacing = false;
      timer.refresh();
    }
  } catch (error) {
    throw stall.signal.aborted ? stall.signal.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

/** A body that ignores the signal must not hold the download: it is left behind. */
async function* untilAborted(body: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const aborted = Promise.withResolvers<never>();
  // Whoever is not waiting at that moment sees the signal at the next step.
  aborted.promise.catch(() => undefined);
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await Promise.race([iterator.next(), aborted.promise]);
      if (done === true) return;
      yield value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    void iterator.return?.()?.catch(() => undefined);
  }
}

async function writeAll(handle: FileHandle, chunk: Uint8Array): Promise<void> {
  let written = 0;
  while (written < chunk.length) written += (await handle.write(chunk, written)).bytesWritten;
}

async function restart(handle: FileHandle, progress: Progress): Promise<void> {
  await handle.truncate(0);
  progress.bytes = 0;
  progress.hash = createHash('sha256');
}
