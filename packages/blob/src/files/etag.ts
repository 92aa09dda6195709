import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';

/**
 * Changes whenever the bytes under a key may have changed: file number, time of the last write in nanoseconds, and size, which renaming keeps.
 * Nothing is stored beside the object, so nothing can disagree with it after a crash. Equal bytes may have different etags.
 */
export function etagOf(stats: BigIntStats): string {
  return createHash('sha256').update(`${stats.ino}.${stats.mtimeNs}.${stats.size}`).digest('hex').slice(0, 32);
}
