import { textsIn, TitleKind, type Title } from '@bioscope/catalog/contract';

/** What is chosen on a page: a movie, or a series with its episodes. */
export type Show = {
  readonly id: string;
  readonly title: Title;
  /** What plays, in order: the movie itself, or the playable episodes. */
  readonly plays: readonly Title[];
  readonly isSeries: boolean;
};

/** The catalogue as pages are made of it. */
export type Library = {
  /** Movies and series, in the order of their ids. */
  readonly shows: readonly Show[];
  /** By the id of a movie, series, season or episode. */
  readonly showOf: ReadonlyMap<string, Show>;
};

/** Episodes whose series is gone belong to no show. */
export function libraryOf(titles: Iterable<Title>): Library {
  const all = [...titles].sort((one, other) => (one.id < other.id ? -1 : 1));
  const episodes = Map.groupBy(all.filter(isPlayableEpisode), (title) => title.seriesId);
  const shows = all.flatMap((title): Show[] => {
    if (title.kind === TitleKind.SERIES) return [{ id: title.id, title, isSeries: true, plays: inOrder(episodes.get(title.id) ?? []) }];
    if (title.kind === TitleKind.MOVIE) return [{ id: title.id, title, isSeries: false, plays: title.editionId === '' ? [] : [title] }];
    return [];
  });
  const byId = new Map(shows.map((show) => [show.id, show]));
  const showOf = new Map(byId);
  for (const title of all) {
    const show = title.seriesId === '' ? undefined : byId.get(title.seriesId);
    if (show !== undefined) showOf.set(title.id, show);
  }
  return { shows, showOf };
}

/** The name in a language, with fallback. */
export function nameIn(title: Title, language: string): string {
  return textsIn(title, language).name;
}

function isPlayableEpisode(title: Title): boolean {
  return title.kind === TitleKind.EPISODE && title.editionId !== '' && title.seriesId !== '';
}

function inOrder(episodes: readonly Title[]): Title[] {
  return episodes.toSorted((one, other) => one.seasonNumber - other.seasonNumber || one.number - other.number);
}
