import type { HomeInputs } from './compose-home.ts';
import type { Show } from './library.ts';
import { lot } from './lot.ts';
import { dayOf } from './popularity.ts';
import type { Row } from './rows.ts';
import { likeness } from './tasting.ts';

type Judged = HomeInputs & {
  readonly interest: (showId: string) => number;
  readonly isDisliked: (showId: string) => boolean;
};

/** What was watched or liked last says most; more such rows would say little. */
const BECAUSE_ROWS_MAX = 3;
const BECAUSE_TITLES_MAX = 20;
/** Below this two shows have nothing to do with each other that anybody would see. */
const LIKENESS_MIN = 0.15;

/** "Because you watched X": what is most like X and not watched yet. */
export function becauseRows(on: Judged & { readonly byId: ReadonlyMap<string, Show> }): Row[] {
  const { visible, history, thumbs, flavours, isDisliked, byId } = on;
  const watched = new Set(history.shows.map(({ showId }) => showId));
  const liked = [...thumbs].filter(([, thumb]) => thumb === 'up').map(([showId]) => showId);
  const seeds = [...new Set([...history.shows.map(({ showId }) => showId), ...liked.toSorted()])].filter(
    (id) => byId.has(id) && !isDisliked(id),
  );
  return seeds.slice(0, BECAUSE_ROWS_MAX).map((seed) => {
    const own = flavours.get(seed);
    const likes = own === undefined ? [] : visible.map(({ id }) => ({ id, like: likeness(own, flavours.get(id) ?? new Map()) }));
    const titleIds = likes
      .filter(({ id, like }) => id !== seed && like >= LIKENESS_MIN && !watched.has(id) && !isDisliked(id))
      .sort((one, other) => other.like - one.like || (one.id < other.id ? -1 : 1))
      .slice(0, BECAUSE_TITLES_MAX)
      .map(({ id }) => id);
    return { id: `because:${seed}`, kind: 'because', aboutTitleId: seed, genre: '', titleIds };
  });
}

/** One row per genre: the profile's favourite genres first, in each what it will like best first. */
export function genreRows({ profileId, nowMs, visible, interest, isDisliked }: Judged): Row[] {
  const wanted = visible.filter(({ id }) => !isDisliked(id));
  const genres = new Set(wanted.flatMap(({ title }) => title.genres));
  const rows = [...genres].map((genre) => {
    const shows = wanted.filter(({ title }) => title.genres.includes(genre));
    const titleIds = shows
      .toSorted((one, other) => interest(other.id) - interest(one.id) || (one.id < other.id ? -1 : 1))
      .map(({ id }) => id);
    const best = titleIds.slice(0, BEST_COUNTED).map(interest);
    const favour = best.reduce((sum, each) => sum + each, 0) / BEST_COUNTED + lot(profileId, dayOf(nowMs), genre) / 100;
    return { genre, titleIds, favour };
  });
  return rows
    .sort((one, other) => other.favour - one.favour || (one.genre < other.genre ? -1 : 1))
    .map(({ genre, titleIds }) => ({ id: `genre:${genre}`, kind: 'genre', aboutTitleId: '', genre, titleIds }));
}

/** What is seen of a row without scrolling. */
const BEST_COUNTED = 6;
