import { setTimeout } from 'node:timers/promises';
import { KV_FAULTS, KvFault } from '@bioscope/kv';

/** A store that restarts is away for about a second; longer is somebody else's decision. */
const TRIES_MAX = 4;
const PAUSE_FIRST_MS = 50;

/** Calls the store again while it says that this may help. The caller's command id or token makes a repeated write harmless. */
export async function persist<T>(call: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof KvFault) || !KV_FAULTS[error.code].retry || tried >= TRIES_MAX) throw error;
      await setTimeout(PAUSE_FIRST_MS * 2 ** (tried - 1));
    }
  }
}
