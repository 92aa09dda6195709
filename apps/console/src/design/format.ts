const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** "0 B", "734 kB", "4.3 GB": decimal units, as disks are sold. */
export function bytes(count: number): string {
  let value = Math.max(0, Number.isFinite(count) ? count : 0);
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : Number(value.toPrecision(2))} ${BYTE_UNITS[unit]}`;
}

/** "42 %", never 100 before it is done. */
export function percent(share: number): string {
  return `${Math.floor(Math.min(Math.max(share, 0), 1) * 100)} %`;
}

/** "34 s", "12 min", "1 h 36 min"; unknown durations are "–". */
export function runtime(ms: number): string {
  if (!(ms > 0)) return '–';
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

const RATE = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

/** "0", "0.3", "12.5", "1,240": of something that happens again and again. */
export function perSecond(rate: number): string {
  return RATE.format(rate >= 100 ? Math.round(rate) : rate);
}

const SHARE = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });

/** "0 %", "0.3 %", "12 %": of what should be nothing, so that little is not shown as nothing. */
export function smallShare(share: number): string {
  return `${SHARE.format(share * 100)} %`;
}

const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });

/** "27 Nov 2026, 11:42" in the time zone of the browser; zero is "–". */
export function moment(ms: number): string {
  return ms > 0 ? MOMENT.format(ms) : '–';
}

const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

/** "11:42:05" in the time zone of the browser. */
export function clock(ms: number): string {
  return CLOCK.format(ms);
}

export function day(ms: number): string {
  return ms > 0 ? DAY.format(ms) : '–';
}

/** "just now", "40 s ago", "12 min ago", "3 h ago"; older things by their date. */
export function ago(ms: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - ms) / 1000));
  if (seconds < 5) return 'just now';
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min ago`;
  return seconds < 36 * 3600 ? `${Math.round(seconds / 3600)} h ago` : moment(ms);
}

/** An amount in minor units with the digits of its currency: (1399, "EUR", 2) is "€13.99". */
export function money(amountMinor: number, currency: string, digits: number): string {
  const amount = amountMinor / 10 ** digits;
  try {
    return new Intl.NumberFormat('en-GB', {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(amount);
  } catch {
    return `${amount.toFixed(digits)} ${currency}`;
  }
}
