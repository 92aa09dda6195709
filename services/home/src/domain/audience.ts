import { isOffered, isSuitable, type Title } from '@bioscope/catalog/contract';

import type { Library, Show } from './library.ts';

/** Those who may see the same. */
export type Audience = { readonly country: string; readonly ceiling: number; readonly atMs: number };

/** The shows that the audience may see and play now, each with those episodes only. A series without any is not among them. */
export function visibleTo(library: Library, audience: Audience): readonly Show[] {
  return library.shows.flatMap((show) => {
    const visible = showVisibleTo(show, audience);
    return visible === null ? [] : [visible];
  });
}

/** Null: not for this audience, or nothing of it can be played. */
export function showVisibleTo(show: Show, audience: Audience): Show | null {
  if (!mayBeSeen(show.title, audience)) return null;
  const plays = show.isSeries ? show.plays.filter((title) => mayBeSeen(title, audience)) : show.plays;
  if (plays.length === 0) return null;
  return plays.length === show.plays.length ? show : { ...show, plays };
}

function mayBeSeen(title: Title, { country, ceiling, atMs }: Audience): boolean {
  return isSuitable(title, ceiling) && isOffered(title.windows, { country, atMs });
}
