import { divide, toLong } from './long.ts';
import type { Long } from './long.ts';

/** A span of time in milliseconds, possibly negative. */
export class Duration {
  readonly ms: Long;

  constructor(ms: Long) {
    this.ms = ms;
  }

  toSeconds(): Long {
    return divide(this.ms, 1000);
  }

  toMinutes(): Long {
    return divide(this.toSeconds(), 60);
  }

  toHours(): Long {
    return divide(this.toMinutes(), 60);
  }

  toDays(): Long {
    return divide(this.toHours(), 24);
  }
}

/** `-1d2h3m4s5ms`: units in this order, each at most once, at least one. Undefined when the text is not one, or does not fit. */
export function parseDuration(text: string): Duration | undefined {
  const match = /^(-?)(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?$/.exec(text);
  if (match === null || text === '' || text === '-') return undefined;
  const sign = match[1] === '-' ? -1n : 1n;
  let ms = 0n;
  for (const [index, unitMs] of UNITS_MS.entries()) {
    const part = sign * BigInt(match[index + 2] ?? '0') * unitMs;
    if (toLong(part) === undefined) return undefined;
    ms += part;
  }
  const fitting = toLong(ms);
  return fitting === undefined ? undefined : new Duration(fitting);
}

const UNITS_MS = [86_400_000n, 3_600_000n, 60_000n, 1000n, 1n] as const;
