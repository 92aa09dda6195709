import type { BillingPeriod } from '../../contract/events.ts';

/** How many months of one anchor are counted: a hundred years. */
const MONTHS_MAX = 1200;

/** The first month from an anchor. */
export function firstPeriod(anchorMs: number): BillingPeriod {
  return { fromMs: anchorMs, untilMs: monthsAfter(anchorMs, 1), anchorMs, months: 1 };
}

/** The month after a period, counted from the anchor and never from the period before: 31 January, 28 February, 31 March. */
export function periodAfter({ untilMs, anchorMs, months }: BillingPeriod): BillingPeriod {
  return { fromMs: untilMs, untilMs: monthsAfter(anchorMs, months + 1), anchorMs, months: months + 1 };
}

/** Some days without payment; the anchor is their end, from which months will be counted. */
export function trialPeriod(fromMs: number, days: number): BillingPeriod {
  const untilMs = fromMs + days * DAY_MS;
  return { fromMs, untilMs, anchorMs: untilMs, months: 0 };
}

/** UTC; the last day of the month where the anchor's day does not exist. */
function monthsAfter(anchorMs: number, months: number): number {
  if (months > MONTHS_MAX) throw new RangeError(`${months} months from one anchor`);
  return Temporal.Instant.fromEpochMilliseconds(anchorMs).toZonedDateTimeISO('UTC').add({ months }).epochMilliseconds;
}

const DAY_MS = 86_400_000;
