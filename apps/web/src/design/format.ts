/** "0:07", "12:03", "1:02:03": hours only when there are any. Unknown durations are "0:00". */
export function clock(ms: number): string {
  const seconds = Number.isFinite(ms) ? Math.max(0, Math.floor(ms / 1000)) : 0;
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

/** "1 hour 2 minutes 3 seconds", for screen readers. */
export function spokenTime(ms: number): string {
  const seconds = Number.isFinite(ms) ? Math.max(0, Math.floor(ms / 1000)) : 0;
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [seconds % 60, 'second'],
  ];
  const said = parts.filter(([count], index) => count > 0 || (index === 2 && seconds === 0));
  return said.map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`).join(' ');
}

/** "34 s", "12 min", "1 h 36 min": how long a film is. */
export function runtime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
}

/** "4K", "1080p": the name people know for a picture height. */
export function qualityName(height: number): string {
  return height >= 2160 ? '4K' : `${height}p`;
}

/** "42 %", never 100 before it is done. */
export function percent(share: number): string {
  const whole = Math.floor(Math.min(Math.max(share, 0), 1) * 100);
  return `${whole} %`;
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
