import { setTimeout as pause } from 'node:timers/promises';
import { KV_FAULTS, KvFault } from '../port.ts';

/** A move takes long and may meet a cluster that is busy for a while: what may go by itself is tried again, a minute in all. */
export async function persist<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof KvFault) || !KV_FAULTS[error.code].retry || attempt === ATTEMPTS_MAX) throw error;
      await pause(Math.min(PAUSE_MS * 2 ** attempt, PAUSE_MS_MAX), undefined, { signal });
    }
  }
}

const ATTEMPTS_MAX = 12;
const PAUSE_MS = 50;
const PAUSE_MS_MAX = 10_000;
