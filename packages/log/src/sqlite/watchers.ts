import type { SqliteFile } from '@bioscope/kv/sqlite-worker';
import { READ, WRITE } from './operations.ts';

/** Asks a few times a second whether anything was committed: the only way to hear of another process's publications. */
export function watchOtherProcesses(file: SqliteFile, changed: () => void): { start(): void; stop(): void } {
  let timer: NodeJS.Timeout | null = null;
  let last: number | null = null;

  async function look(): Promise<void> {
    // A read that fails is no news; the next look asks again.
    const version = await file.read({ operation: READ.version, pack: () => {}, decode: (answer) => answer.f64() }).catch(() => last);
    if (version !== last) changed();
    last = version;
    if (timer !== null) timer = later(LOOK_MS, look);
  }

  return {
    start() {
      timer ??= later(LOOK_MS, look);
    },
    stop() {
      if (timer !== null) clearTimeout(timer);
      timer = null;
    },
  };
}

/** Lets old records go in small batches: the next soon when there was something to delete, else after `everyMs`. */
export function watchRetention(file: SqliteFile, keep: { keepMs: number; keepBytes: number; everyMs: number }): { stop(): void } {
  let stopped = false;
  let timer = later(keep.everyMs, sweep);

  async function sweep(): Promise<void> {
    const pack = (packer: { f64(value: number): void }): void => {
      packer.f64(keep.keepMs);
      packer.f64(keep.keepBytes);
    };
    // A failed sweep costs room only; the next one tries again.
    const deleted = await file.write({ operation: WRITE.sweep, pack, decode: (answer) => answer.f64() }).catch(() => 0);
    if (!stopped) timer = later(deleted > 0 ? Math.min(keep.everyMs, BUSY_MS) : keep.everyMs, sweep);
  }

  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

function later(ms: number, run: () => Promise<void>): NodeJS.Timeout {
  const timer = setTimeout(() => void run(), ms);
  timer.unref();
  return timer;
}

const LOOK_MS = 250;
const BUSY_MS = 100;
