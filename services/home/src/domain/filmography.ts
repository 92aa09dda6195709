import type { Show } from './library.ts';

/** The shows that credit each person, themselves or in an episode, newest first. */
export function filmography(shows: readonly Show[]): ReadonlyMap<string, readonly string[]> {
  const works = new Map<string, Set<string>>();
  const newestFirst = shows.toSorted((one, other) => other.title.year - one.title.year || (one.id < other.id ? -1 : 1));
  for (const show of newestFirst)
    for (const { people } of [show.title, ...show.plays])
      for (const { personId } of people) works.set(personId, (works.get(personId) ?? new Set()).add(show.id));
  return new Map([...works].map(([personId, ids]) => [personId, [...ids]]));
}
