import { TitleKind, type Title } from '@bioscope/catalog/contract';
import { texts } from '../texts.ts';

export type SeasonChoice = { readonly id: string; readonly name: string };
type Placed = Pick<Title, 'id' | 'name' | 'kind' | 'seriesId' | 'number' | 'seasonNumber'>;

/** Every season with its series' name, as one chooses among them: by series, then by number. A season whose series was removed is none to choose. */
export function seasonsOf(titles: readonly Placed[]): SeasonChoice[] {
  const series = new Map(titles.filter(({ kind }) => kind === TitleKind.SERIES).map(({ id, name }) => [id, name]));
  return titles
    .filter(({ kind, seriesId }) => kind === TitleKind.SEASON && series.has(seriesId))
    .map((season) => ({ season, of: series.get(season.seriesId) ?? '' }))
    .sort((one, other) => one.of.localeCompare(other.of) || one.season.number - other.season.number)
    .map(({ season, of }) => ({ id: season.id, name: `${of}: ${nameOf(season)}` }));
}

/** Seasons may be without a name. */
export function nameOf({ name, kind, number }: Pick<Placed, 'name' | 'kind' | 'number'>): string {
  if (name !== '') return name;
  return kind === TitleKind.SEASON ? texts.series.seasonName(number) : texts.films.untitled;
}

/** "series", "season 2, episode 3"; nothing of a film. */
export function placeOf({ kind, number, seasonNumber }: Pick<Placed, 'kind' | 'number' | 'seasonNumber'>): string {
  if (kind === TitleKind.SERIES) return texts.series.series;
  if (kind === TitleKind.SEASON) return texts.series.seasonName(number);
  return kind === TitleKind.EPISODE ? texts.series.episodePlace(seasonNumber, number) : '';
}

/** The number that a next season would have. */
export function nextNumber(seasons: readonly Pick<Placed, 'number'>[]): number {
  return seasons.reduce((most, { number }) => Math.max(most, number), 0) + 1;
}
