import { EVERYWHERE, isOffered } from '@bioscope/catalog/contract';
import { texts } from '../texts.ts';

/** A row of the form. Times are `datetime-local` values in the browser's time zone, "" is no bound. */
export type WindowDraft = { readonly key: string; readonly country: string; readonly from: string; readonly until: string };
export type FilmWindow = { readonly country: string; readonly fromMs: number; readonly untilMs: number };
export type WindowsReading = { kind: 'windows'; windows: FilmWindow[] } | { kind: 'wrong'; key: string; message: string };

/** What the form says, or what is wrong with its first wrong row. */
export function readWindows(drafts: readonly WindowDraft[], countryName: (code: string) => string | undefined): WindowsReading {
  const windows: FilmWindow[] = [];
  for (const draft of drafts) {
    const country = draft.country.trim().toUpperCase();
    if (country !== EVERYWHERE && countryName(country) === undefined)
      return { kind: 'wrong', key: draft.key, message: texts.film.countryUnknown(draft.country) };
    const window = { country, fromMs: msOf(draft.from), untilMs: msOf(draft.until) };
    if (window.untilMs !== 0 && window.untilMs <= window.fromMs)
      return { kind: 'wrong', key: draft.key, message: texts.film.timesReversed(placeName(country, countryName)) };
    windows.push(window);
  }
  return { kind: 'windows', windows };
}

export function draftOf(window: FilmWindow, key: string): WindowDraft {
  return { key, country: window.country, from: localTime(window.fromMs), until: localTime(window.untilMs) };
}

export function placeName(country: string, countryName: (code: string) => string | undefined): string {
  return country === EVERYWHERE ? texts.film.everywhere : (countryName(country) ?? country);
}

/** "everywhere", "in 3 countries", "nowhere": where a film can be watched at that time. */
export function offeredText(windows: readonly FilmWindow[], atMs: number): string {
  if (windows.length === 0) return texts.offered.nowhere;
  const own = [...new Set(windows.map(({ country }) => country))].filter((country) => country !== EVERYWHERE);
  const offered = own.filter((country) => isOffered(windows, { country, atMs })).length;
  if (isOffered(windows, { country: EVERYWHERE, atMs }))
    return own.length === 0 ? texts.offered.everywhere : texts.offered.everywhereBut(own.length);
  return offered === 0 ? texts.offered.later : texts.offered.countries(offered);
}

function msOf(local: string): number {
  return local === '' ? 0 : new Date(local).getTime();
}

/** As `datetime-local` wants it, to the minute. */
function localTime(ms: number): string {
  if (ms === 0) return '';
  const at = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
