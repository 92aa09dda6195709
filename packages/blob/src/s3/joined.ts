import { setTimeout as pause } from 'node:timers/promises';
import { BlobFault } from '../port.ts';
import { JOIN_LOOK_PAUSE_MS } from './limits.ts';

/**
 * Looks until the object shows that its pieces were joined, at most `withinMs`. A server may answer a joining that is asked for again with success
 * because the first is still under way inside it, and may have been killed in the middle of that one: then the object never comes, and
 * only looking tells. Rejects with `BLOB_UNAVAILABLE` then: it may still happen, and the whole may be sent again.
 */
export async function untilJoined<T>(what: string, withinMs: number, look: () => Promise<T | null>): Promise<T> {
  const untilMs = performance.now() + withinMs;
  for (let pauseMs = JOIN_LOOK_PAUSE_MS; ; pauseMs *= 2) {
    const joined = await look();
    if (joined !== null) return joined;
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0)
      throw new BlobFault('BLOB_UNAVAILABLE', `${what}: the S3 server says that the pieces were joined, but the object is not there.`);
    await pause(Math.min(pauseMs, leftMs));
  }
}
