import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

export type NamedKey = { readonly name: string; readonly key: Buffer };

/** Named keys for one purpose. A new one comes into use every week by itself; the one before and the next are good too. */
export type RotatingKeys = {
  current(): NamedKey;
  /** Undefined for names of keys that are not in use: unknown, long past, or far ahead. */
  find(name: string): Buffer | undefined;
};

const WEEK_MS = 604_800_000;
const NAME = /^w(\d{1,6})$/;

/**
 * Keys derived from a root secret: HMAC-SHA-256 over purpose and week, named by the week's number since the epoch. Every process that has the root
 * secret, or was issued the keys of these weeks, changes over at the same moment without a word; clocks may be apart by days.
 */
export function weeklyKeys({ secret, purpose, nowMs }: { secret: string; purpose: string; nowMs: () => number }): RotatingKeys {
  assert.match(secret, /^[0-9a-f]{64}$/i, 'the secret must be 64 hexadecimal digits (32 random bytes)');
  const root = Buffer.from(secret, 'hex');
  const known = new Map<number, NamedKey>();
  const thisWeek = () => Math.floor(nowMs() / WEEK_MS);

  function keyOf(week: number): NamedKey {
    let made = known.get(week);
    if (made === undefined) {
      // Three weeks are in use; what is older goes when a new one comes.
      for (const old of known.keys()) if (Math.abs(old - week) > 2) known.delete(old);
      made = { name: `w${week}`, key: createHmac('sha256', root).update(`${purpose}\nw${week}`).digest() };
      known.set(week, made);
    }
    return made;
  }

  return {
    current: () => keyOf(thisWeek()),
    find(name) {
      const week = Number(NAME.exec(name)?.[1] ?? Number.NaN);
      return Math.abs(week - thisWeek()) <= 1 ? keyOf(week).key : undefined;
    },
  };
}
