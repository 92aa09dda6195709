import type { HomeInputs } from './compose-home.ts';
import type { Interesting } from './interest.ts';
import type { Show } from './library.ts';
import { lot } from './lot.ts';
import { dayOf } from './popularity.ts';
import type { Row } from './rows.ts';
import { likeness, type Flavour } from './tasting.ts';

type Judged = HomeInputs & { readonly isDisliked: (showId: string) => boolean };

const NO_FLAVOUR: Flavour = new Map();
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
    const likes = own === undefined ? [] : visible.map(({ id }) => ({ id, like: likeness(own, flavours.get(id) ?? NO_FLAVOUR) }));
    const titleIds = likes
      .filter(({ id, like }) => id !== seed && like >= LIKENESS_MIN && !watched.has(id) && !isDisliked(id))
      .sort((one, other) => other.like - one.like || (one.id < other.id ? -1 : 1))
      .slice(0, BECAUSE_TITLES_MAX)
      .map(({ id }) => id);
    return { id: `because:${seed}`, kind: 'because', aboutTitleId: seed, genre: '', titleIds };
  });
}

/** One row per genre: the profile's favourite genres first, in each what it will like best first. */
export function genreRows({ profileId, nowMs, interesting, isDisliked }: Judged & { readonly interesting: readonly Interesting[] }): Row[] {
  const genres = new Map<string, Interesting[]>();
  for (const each of interesting) {
    if (isDisliked(each.show.id)) continue;
    for (const genre of each.show.title.genres) {
      const own = genres.get(genre);
      if (own === undefined) genres.set(genre, [each]);
      else own.push(each);
    }
  }
  const day = dayOf(nowMs);
  return [...genres]
    .map(([genre, shows]) => ({ genre, shows, favour: favourOf(shows) + lot(profileId, day, genre) / 100 }))
    .sort((one, other) => other.favour - one.favour || (one.genre < other.genre ? -1 : 1))
    .map(({ genre, shows }) => ({
      id: `genre:${genre}`,
      kind: 'genre',
      aboutTitleId: '',
      genre,
      titleIds: shows.map(({ show }) => show.id),
    }));
}

/** What is seen of a row without scrolling. */
const BEST_COUNTED = 6;

function favourOf(shows: readonly Interesting[]): number {
  return shows.slice(0, BEST_COUNTED).reduce((sum, { interest }) => sum + interest, 0) / BEST_COUNTED;
}
