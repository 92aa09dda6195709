import { createHash } from 'node:crypto';

/** When the monkey may strike, and how often. The rules are those of Netflix's Chaos Monkey 2, which has run for years on them. */
export type MonkeyRules = {
  /** Local hours in which people are there to mend what breaks: `from` inclusive, `to` exclusive. */
  readonly hours: { readonly from: number; readonly to: number };
  /** 1 (Monday) to 7. */
  readonly weekdays: readonly number[];
  readonly timeZone: string;
  /** Between two kills in one group of one region, on average, in days on which it may strike. */
  readonly meanDays: number;
  /** At least so many days between them; 1: at most one a day. */
  readonly minDays: number;
  /** Ids that are spared; a star stands for anything. */
  readonly except: readonly string[];
};

export const MONKEY_RULES: MonkeyRules = {
  hours: { from: 9, to: 15 },
  weekdays: [1, 2, 3, 4, 5],
  timeZone: 'UTC',
  meanDays: 2,
  minDays: 1,
  except: [],
};

export type Visit = { readonly target: string; readonly atMs: number };

/**
 * Which groups are visited on the day of `nowMs`, and at which moment. A coin per group and day: the same one each time it is asked, so that a monkey that is
 * started again neither forgets a visit nor throws anew. `salt` makes it nobody else's.
 */
export function planDay(nowMs: number, groups: readonly string[], rules: MonkeyRules, salt: string): readonly Visit[] {
  const now = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(rules.timeZone);
  if (!rules.weekdays.includes(now.dayOfWeek)) return [];
  const day = now.toPlainDate().toString();
  return groups.flatMap((target): Visit[] => {
    if (draw(`${salt} coin ${day} ${target}`) >= 1 / rules.meanDays) return [];
    const minutes = Math.floor(draw(`${salt} time ${day} ${target}`) * (rules.hours.to - rules.hours.from) * 60);
    const at = now.startOfDay().with({ hour: rules.hours.from }).add({ minutes });
    return [{ target, atMs: at.epochMilliseconds }];
  });
}

/** Whether an id is among those that are spared. */
export function isSpared(id: string, { except }: MonkeyRules): boolean {
  return except.some((pattern) => new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`).test(id));
}

/** Whole days of the calendar since the last visit were fewer than must be. */
export function isTooSoon(lastAtMs: number | undefined, nowMs: number, { minDays, timeZone }: MonkeyRules): boolean {
  if (lastAtMs === undefined) return false;
  const dateOf = (ms: number): Temporal.PlainDate => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(timeZone).toPlainDate();
  return dateOf(lastAtMs).until(dateOf(nowMs), { largestUnit: 'day' }).days < minDays;
}

/** 0 to 1, by what is asked alone. */
function draw(what: string): number {
  return createHash('sha256').update(what).digest().readUInt32BE(0) / 2 ** 32;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
