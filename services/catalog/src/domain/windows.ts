import { EVERYWHERE, type OfferedWindow } from '../../contract/offered.ts';

/** Every country of the world twice. */
const WINDOWS_MAX = 500;
const COUNTRY = /^[A-Z]{2}$/;

export type WindowsVerdict =
  | { readonly kind: 'windows'; readonly windows: readonly OfferedWindow[] }
  | { readonly kind: 'refused'; readonly problems: readonly string[] };

/** Checks the windows of a title and brings them into order: by country, then by time. Every problem at once. */
export function readWindows(given: readonly OfferedWindow[]): WindowsVerdict {
  if (given.length > WINDOWS_MAX) return { kind: 'refused', problems: [`windows are ${given.length}; at most ${WINDOWS_MAX} are taken`] };
  const windows = given.map(({ country, fromMs, untilMs }) => ({ country, fromMs, untilMs })).toSorted(inOrder);
  const problems = windows.flatMap((window, index) => [...boundProblems(window), ...overlapProblems(windows[index - 1], window)]);
  return problems.length === 0 ? { kind: 'windows', windows } : { kind: 'refused', problems };
}

function boundProblems({ country, fromMs, untilMs }: OfferedWindow): string[] {
  const problems = [];
  if (country !== EVERYWHERE && !COUNTRY.test(country))
    problems.push(`country is ${JSON.stringify(country.slice(0, 10))}; two capital letters (ISO 3166-1) or "*" are wanted`);
  for (const [field, atMs] of Object.entries({ from_ms: fromMs, until_ms: untilMs }))
    if (!Number.isSafeInteger(atMs) || atMs < 0)
      problems.push(`${field} of ${country} is ${atMs}; milliseconds since 1970, or 0 for no bound, are wanted`);
  if (untilMs !== 0 && untilMs <= fromMs) problems.push(`until_ms of ${country} does not lie after from_ms`);
  return problems;
}

function overlapProblems(before: OfferedWindow | undefined, window: OfferedWindow): string[] {
  if (before?.country !== window.country) return [];
  return before.untilMs === 0 || window.fromMs < before.untilMs ? [`two windows of ${window.country} overlap; make one of them`] : [];
}

function inOrder(one: OfferedWindow, other: OfferedWindow): number {
  if (one.country !== other.country) return one.country < other.country ? -1 : 1;
  return one.fromMs - other.fromMs;
}
