import { randomFillSync } from 'node:crypto';
import type { WriteToken } from './port.ts';

/**
 * A token for one write, later than every token made before with the same clock in this process, also when the clock steps back.
 * Keep it for retries.
 */
export function newToken(clock: () => number = Date.now): WriteToken {
  const timeUs = Math.max(Math.floor(clock() * 1000), (lastTimes.get(clock) ?? 0) + 1);
  lastTimes.set(clock, timeUs);
  return { timeUs, nonce: newNonce() };
}

/** Per clock, so that a test's clock and the real one do not drag each other along. */
const lastTimes = new WeakMap<() => number, number>();

// Asking the system for 16 random bytes at a time costs more than the rest of a put.
const pool = Buffer.alloc(4096);
let used = pool.length;

function newNonce(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.toString('hex', used - 16, used);
}
