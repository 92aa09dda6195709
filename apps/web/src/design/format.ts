/** "0:07", "12:03", "1:02:03": hours only when there are any. Unknown durations are "0:00". The same in every language, as players show it. */
export function clock(ms: number): string {
  const parts = partsOf(ms);
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** "1 hour, 2 minutes, 3 seconds", for screen readers. */
export function spokenTime(ms: number, locale: string): string {
  const parts = partsOf(ms).map((count, index) => ({ count, unit: UNITS[index] ?? 'second' }));
  const said = parts.filter(({ count }, index) => count > 0 || (index === 2 && parts.every((part) => part.count === 0)));
  return listed(
    said.map(({ count, unit }) => quantity(count, unit, 'long', locale)),
    'long',
    locale,
  );
}

/** "34 sec", "12 min", "1 hr 36 min": how long a film is. */
export function runtime(ms: number, locale: string): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return quantity(seconds, 'second', 'short', locale);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return quantity(minutes, 'minute', 'short', locale);
  const hours = quantity(Math.floor(minutes / 60), 'hour', 'short', locale);
  return minutes % 60 === 0 ? hours : listed([hours, quantity(minutes % 60, 'minute', 'short', locale)], 'narrow', locale);
}

const UNITS = ['hour', 'minute', 'second'] as const;

function partsOf(ms: number): number[] {
  const seconds = Number.isFinite(ms) ? Math.max(0, Math.floor(ms / 1000)) : 0;
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
}

// Not Intl.DurationFormat: browsers of 2024 are without it, televisions for longer.
function quantity(count: number, unit: (typeof UNITS)[number], unitDisplay: 'long' | 'short', locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay }).format(count);
}

function listed(parts: readonly string[], style: 'long' | 'narrow', locale: string): string {
  return new Intl.ListFormat(locale, { type: 'unit', style }).format(parts);
}

/** "4K", "1080p": the name people know for a picture height. */
export function qualityName(height: number): string {
  return height >= 2160 ? '4K' : `${height}p`;
}

/** "42%", never 100 before it is done. */
export function percent(share: number, locale: string): string {
  const whole = Math.floor(Math.min(Math.max(share, 0), 1) * 100);
  return new Intl.NumberFormat(locale, { style: 'percent' }).format(whole / 100);
}

/** "12 March 2027 at 20:15", as long as it is written in the language. */
export function dateAndTime(ms: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' }).format(ms);
}

/** A language as people call it, in the language of the page; "und" and nonsense become the fallback. */
export function languageName(tag: string, pageLanguage: string, fallback: string): string {
  if (tag === '' || tag === 'und') return fallback;
  try {
    return new Intl.DisplayNames([pageLanguage], { type: 'language', fallback: 'none' }).of(tag) ?? fallback;
  } catch {
    return fallback;
  }
}

/** "20:15", as it is written in the language. */
export function timeOfDay(ms: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(ms);
}
