import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@bioscope/telemetry';
import type { Wanted } from '../domain/difference.ts';
import { tokenBucket } from '../domain/token-bucket.ts';
import { isNotFound } from './faults.ts';
import type { FileKey, FileStore, WantedFile } from './file-store.ts';

export type ScrubberOptions = {
  readonly files: FileStore;
  readonly log: Logger;
  wanted(): readonly Wanted[];
  /** A file was found bad and taken away: report at once and fill again. */
  onBadFile(): void;
  now(): number;
  /** How often sizes and times are compared. */
  readonly lookEveryMs: number;
  /** How fast contents are read again. */
  readonly bytesPerSecond: number;
  /** Between two readings of everything. */
  readonly restMs: number;
};

/** Finds files that changed or vanished on disk: quickly by size and time, slowly by reading everything again and again. */
export type Scrubber = {
  /** What was found bad and is not yet refilled. */
  troubles(): string[];
  stop(): Promise<void>;
};

/** One look must not hold up the disk: a bigger library is gone through in several looks. */
const FILES_PER_LOOK_MAX = 2_000;
const TROUBLES_MAX = 10;

export function startScrubber(options: ScrubberOptions): Scrubber {
  const { files } = options;
  const stopping = new AbortController();
  const bad = new Map<string, { readonly editionId: string; readonly file: WantedFile; readonly trouble: string }>();
  let position = 0;

  function heldAndWanted(): { editionId: string; file: WantedFile }[] {
    return options
      .wanted()
      .flatMap(({ editionId, files: wanted }) =>
        wanted.filter((file) => files.isHeld(editionId, file)).map((file) => ({ editionId, file })),
      );
  }

  async function look(): Promise<void> {
    const all = heldAndWanted();
    if (position >= all.length) position = 0;
    const part = all.slice(position, position + FILES_PER_LOOK_MAX);
    position += part.length;
    for (const { editionId, file } of part) {
      const condition = await files.condition({ editionId, name: file.name });
      if (condition === 'changed') await takeAway(editionId, file, 'corrupt file');
      if (condition === 'missing') await takeAway(editionId, file, 'missing file');
    }
  }

  async function takeAway(editionId: string, file: WantedFile, what: string): Promise<void> {
    const trouble = `${what} ${file.name} of edition ${editionId}`;
    bad.set(`${editionId}/${file.name}`, { editionId, file, trouble });
    await files.quarantine({ editionId, name: file.name });
    options.log.error({ editionId, file: file.name }, `${what}: taken out of service and fetched again`);
    options.onBadFile();
  }

  async function readAll(): Promise<void> {
    for (const { editionId, file } of heldAndWanted()) {
      const sha256 = await checksumOf({ editionId, name: file.name });
      if (sha256 !== null && sha256 !== file.sha256 && files.isHeld(editionId, file)) await takeAway(editionId, file, 'corrupt file');
    }
  }

  /** Null when the file is gone: the next look says so. */
  async function checksumOf(key: FileKey): Promise<string | null> {
    const hash = createHash('sha256');
    const bucket = tokenBucket(options.bytesPerSecond);
    try {
      for await (const chunk of createReadStream(files.pathOf(key), { signal: stopping.signal, highWaterMark: 256 * 1024 })) {
        hash.update(chunk);
        await rest(bucket.use(chunk.length, options.now()));
      }
      return hash.digest('hex');
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  const rest = (ms: number): Promise<void> => (ms <= 0 ? Promise.resolve() : pause(ms, undefined, { signal: stopping.signal, ref: false }));

  async function repeat(work: () => Promise<void>, everyMs: number): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await rest(everyMs);
        await work();
      } catch (error) {
        if (!stopping.signal.aborted) options.log.error({ err: error }, 'could not check the files held; they are checked again later');
      }
    }
  }

  const work = [repeat(look, options.lookEveryMs), repeat(readAll, options.restMs)];
  return {
    troubles() {
      for (const [name, { editionId, file }] of bad) if (files.isHeld(editionId, file)) bad.delete(name);
      return [...bad.values()].slice(0, TROUBLES_MAX).map(({ trouble }) => trouble);
    },
    async stop() {
      stopping.abort();
      await Promise.all(work);
    },
  };
}
