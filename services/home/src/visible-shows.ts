import { visibleTo } from './domain/audience.ts';
import type { Library, Show } from './domain/library.ts';

/** What an audience may see and play now. */
export type VisibleShows = (library: Library, audience: { readonly country: string; readonly ceiling: number }) => readonly Show[];

/** A window that opens or closes is noticed after this. */
const FRESH_MS = 10_000;
/** Every country with every ceiling; a list of references each. */
const AUDIENCES_MAX = 1_000;

/** Kept for a moment: many profiles are one audience. */
export function visibleShows(nowMs: () => number): VisibleShows {
  const known = new Map<string, { readonly library: Library; readonly atMs: number; readonly shows: readonly Show[] }>();
  return (library, { country, ceiling }) => {
    const key = `${country} ${ceiling}`;
    const atMs = nowMs();
    const before = known.get(key);
    if (before !== undefined && before.library === library && atMs - before.atMs < FRESH_MS && atMs >= before.atMs) return before.shows;
    if (known.size >= AUDIENCES_MAX) known.clear();
    const shows = visibleTo(library, { country, ceiling, atMs });
    known.set(key, { library, atMs, shows });
    return shows;
  };
}
