import { textOf } from '../api/fault-body.ts';

/** An event as the membership service tells it: `data` is JSON. */
export type TimelineEntry = { readonly sequence: number; readonly type: string; readonly data: string; readonly recordedAtMs: number };

/** What an event says beside its type, for people who know the system: "standard · until 3 Jan 2027". Names of fields are the contract's. */
export function detailsOf(event: TimelineEntry, time: (ms: number) => string): string {
  const data = dataOf(event);
  if (typeof data !== 'object' || data === null) return '';
  return Object.entries(data)
    .filter(([name]) => name !== 'type' && name !== 'atMs')
    .map(([name, value]: [string, unknown]) => {
      if (name === 'terms') return textOf(value, 'planId');
      if (typeof value === 'number' && name.endsWith('AtMs')) return `${words(name.slice(0, -4))} ${time(value)}`;
      if (typeof value === 'number' && (name === 'fromMs' || name === 'untilMs')) return `${name.slice(0, -2)} ${time(value)}`;
      if (typeof value === 'number' && name === 'byMs') return `by ${Math.round(value / 86_400_000)} days`;
      return value !== '' && (typeof value === 'string' || typeof value === 'number') ? `${words(name)} ${value}` : '';
    })
    .filter((text) => text !== '')
    .join(' · ');
}

function dataOf({ data }: Pick<TimelineEntry, 'data'>): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

/** "priceId" → "price id". */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
