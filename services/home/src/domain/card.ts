import { textsIn } from '@bioscope/catalog/contract';

import type { Thumb } from './compose-home.ts';
import type { History } from './history.ts';
import { nameIn, type Show } from './library.ts';

/** What a profile has to do with titles. */
export type Ties = {
  readonly history: History;
  readonly list: ReadonlySet<string>;
  readonly thumbs: ReadonlyMap<string, Thumb>;
  readonly language: string;
};

export type Card = ReturnType<typeof cardOf>;

/** A movie or series as one profile sees it. */
export function cardOf(show: Show, { history, list, thumbs, language }: Ties) {
  const { title } = show;
  const { play, positionMs } = history.nextOf(show);
  const { name, synopsisShort } = textsIn(title, language);
  return {
    titleId: show.id,
    isSeries: show.isSeries,
    name,
    synopsisShort,
    year: title.year,
    maturity: title.maturity,
    isRated: title.isRated,
    genres: title.genres,
    posterPath: title.posterPath,
    backdropPath: title.backdropPath,
    playId: play.id,
    durationMs: play.durationMs,
    positionMs,
    seasonNumber: show.isSeries ? play.seasonNumber : 0,
    episodeNumber: show.isSeries ? play.number : 0,
    episodeName: show.isSeries ? nameIn(play, language) : '',
    inList: list.has(show.id),
    thumb: thumbs.get(show.id) ?? null,
  };
}
