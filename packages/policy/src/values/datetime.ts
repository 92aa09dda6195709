import { Duration } from './duration.ts';
import { add, remainder, subtract } from './long.ts';
import type { Long } from './long.ts';

const DAY_MS = 86_400_000;

/** An instant: milliseconds since the epoch of Unix. */
export class Datetime {
  readonly ms: Long;

  constructor(ms: Long) {
    this.ms = ms;
  }

  offset(by: Duration): Datetime | undefined {
    const ms = add(this.ms, by.ms);
    return ms === undefined ? undefined : new Datetime(ms);
  }

  durationSince(other: Datetime): Duration | undefined {
    const ms = subtract(this.ms, other.ms);
    return ms === undefined ? undefined : new Duration(ms);
  }

  /** The day's beginning, also before 1970. */
  toDate(): Datetime | undefined {
    const ms = subtract(this.ms, remainder(this.ms, DAY_MS));
    return ms === undefined ? undefined : new Datetime(ms);
  }

  toTime(): Duration {
    return new Duration(remainder(this.ms, DAY_MS));
  }
}

/** `2026-11-27`, or with `T12:34:56`, optional `.789`, and `Z` or `+0130`. No leap seconds, no 24:00. Undefined when the text is not one. */
export function parseDatetime(text: string): Datetime | undefined {
  const match =
    /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{3}))?(?:Z|([+-])([0-9]{2})([0-9]{2})))?$/.exec(text);
  if (match === null) return undefined;
  const part = (index: number): number => Number(match[index] ?? '0');
  const [year, month, day, hour, minute, second] = [part(1), part(2), part(3), part(4), part(5), part(6)];
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  const [offsetHours, offsetMinutes] = [part(9), part(10)];
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const local = daysSinceEpoch(year, month, day) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + part(7);
  const offsetMs = (offsetHours * 60 + offsetMinutes) * 60_000;
  return new Datetime(match[8] === '-' ? local + offsetMs : local - offsetMs);
}

function daysOf(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2) return isLeap ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** `Date.UTC` reads the years 0 to 99 as 1900 to 1999; `setUTCFullYear` does not. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day) / DAY_MS;
}
