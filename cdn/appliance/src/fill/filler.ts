import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '@bioscope/telemetry';
import { missingFiles, type FillItem, type Wanted } from '../domain/difference.ts';
import { tokenBucket } from '../domain/token-bucket.ts';
import { isNoSpace, messageOf } from '../files/faults.ts';
import type { FileKey, FileStore } from '../files/file-store.ts';
import type { Space } from '../files/space.ts';
import { download } from './download.ts';
import type { Source } from './source.ts';

export type FillerOptions = {
  readonly files: FileStore;
  readonly log: Logger;
  wanted(): readonly Wanted[];
  sourcesFor(key: FileKey): readonly Source[];
  space(): Promise<Space>;
  /** Something was filled, or a trouble came or went: worth a report. */
  onChange(): void;
  now(): number;
  readonly parallelMax: number;
  /** Null: as fast as it goes. */
  readonly bytesPerSecondMax: number | null;
  /** Left free for logs, quarantine and the system. */
  readonly reserveBytes: number;
  readonly stallMs: number;
  readonly retry: { readonly firstMs: number; readonly maxMs: number };
};

/** Fetches what is wanted and not held, for ever, a few files at a time. */
export type Filler = {
  /** Looks for work; cheap when there is none. To be called when the plan or the files changed, and every second or so. */
  kick(): void;
  troubles(): string[];
  stop(): Promise<void>;
};

type Failure = { readonly attempts: number; readonly retryAtMs: number; readonly because: string };

/** A source that is down for long should not fill the report. */
const TROUBLES_MAX = 5;

export function startFiller(options: FillerOptions): Filler {
  const running = new Map<string, { readonly item: FillItem; readonly done: Promise<void> }>();
  const failures = new Map<string, Failure>();
  const stopping = new AbortController();
  const bucket = options.bytesPerSecondMax === null ? null : tokenBucket(options.bytesPerSecondMax);
  let isDiskFull = false;
  let isLooking = false;
  let lookAgain = false;

  const setDiskFull = (full: boolean): void => {
    if (full === isDiskFull) return;
    isDiskFull = full;
    options.onChange();
  };

  async function look(): Promise<void> {
    const missing = missingFiles(options.wanted(), (editionId, file) => options.files.isHeld(editionId, file));
    const missingNames = new Set(missing.map(nameOf));
    for (const name of failures.keys()) if (!missingNames.has(name)) failures.delete(name);
    if (missing.length === 0) return setDiskFull(false);
    const waiting = missing.filter((item) => !running.has(nameOf(item)) && (failures.get(nameOf(item))?.retryAtMs ?? 0) <= options.now());
    for (const item of waiting) {
      if (running.size >= options.parallelMax || stopping.signal.aborted) return;
      const { freeBytes } = await options.space();
      const promised = [...running.values()].reduce((sum, other) => sum + other.item.file.bytes, 0);
      // Smallest first: when this one does not fit, no later one does.
      if (freeBytes - promised - item.file.bytes < options.reserveBytes) return setDiskFull(true);
      start(item);
    }
    if (waiting.length > 0) setDiskFull(false);
  }

  function start(item: FillItem): void {
    const name = nameOf(item);
    const done = fetchOne(item)
      .then(() => void failures.delete(name))
      .catch((error: unknown) => noteFailure(item, error))
      .finally(() => {
        running.delete(name);
        options.onChange();
        kick();
      });
    running.set(name, { item, done });
  }

  async function fetchOne({ editionId, file }: FillItem): Promise<void> {
    const key = { editionId, name: file.name };
    const partialPath = await options.files.partialPathOf(key);
    await download({
      file,
      sources: options.sourcesFor(key),
      partialPath,
      stallMs: options.stallMs,
      signal: stopping.signal,
      async pace(bytes) {
        const waitMs = bucket?.use(bytes, options.now()) ?? 0;
        if (waitMs > 0) await pause(waitMs, undefined, { signal: stopping.signal });
      },
    });
    await options.files.place(editionId, file);
  }

  function noteFailure(item: FillItem, error: unknown): void {
    if (stopping.signal.aborted) return;
    if (isNoSpace(error)) setDiskFull(true);
    const attempts = (failures.get(nameOf(item))?.attempts ?? 0) + 1;
    const waitMs = Math.min(options.retry.maxMs, options.retry.firstMs * 2 ** Math.min(attempts - 1, 20));
    const because = messageOf(error);
    failures.set(nameOf(item), { attempts, retryAtMs: options.now() + waitMs, because });
    options.log.warn({ file: nameOf(item), attempts, waitMs, because }, 'could not fetch a file; it will be tried again');
  }

  function kick(): void {
    if (stopping.signal.aborted) return;
    lookAgain = true;
    if (isLooking) return;
    isLooking = true;
    void (async () => {
      while (lookAgain) {
        lookAgain = false;
        try {
          await look();
        } catch (error) {
          options.log.error({ err: error }, 'could not look for files to fetch');
        }
      }
      isLooking = false;
    })();
  }

  return {
    kick,
    troubles() {
      const failed = [...failures].slice(0, TROUBLES_MAX).map(([name, { because }]) => `cannot fetch ${name}: ${because}`);
      return isDiskFull ? ['disk full', ...failed] : failed;
    },
    async stop() {
      stopping.abort(new Error('the appliance stops'));
      await Promise.all([...running.values()].map(({ done }) => done));
    },
  };
}

function nameOf({ editionId, file }: FillItem): string {
  return `${editionId}/${file.name}`;
}
