import type { SqliteFile } from '../sqlite-worker/open.ts';
import { WRITE } from './operations.ts';

/** Sweeps in the background: one small batch at a time, the next soon when there was something to do, else after a while. */
export function createHousekeeping(file: SqliteFile, everyMs: number): { stop(): void } {
  let stopped = false;
  let timer = schedule(everyMs);

  function schedule(ms: number): NodeJS.Timeout {
    const next = setTimeout(() => void sweep(), ms);
    next.unref();
    return next;
  }

  async function sweep(): Promise<void> {
    // A failed sweep (a full disk, say) costs nothing but room; the next one tries again.
    const touched = await file.write({ operation: WRITE.sweep, pack: () => {}, decode: (answer) => answer.f64() }).catch(() => 0);
    if (!stopped) timer = schedule(touched > 0 ? Math.min(BUSY_MS, everyMs) : everyMs);
  }

  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Leaves the writer to others for most of the time. */
const BUSY_MS = 100;
