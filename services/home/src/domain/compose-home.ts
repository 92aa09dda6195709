import { becauseRows, genreRows } from './discovery-rows.ts';
import type { History } from './history.ts';
import { byInterest, type Interesting } from './interest.ts';
import type { Show } from './library.ts';
import { lot } from './lot.ts';
import type { MyList } from './my-list.ts';
import { dayOf } from './popularity.ts';
import { arrangeRows, type Row } from './rows.ts';
import type { Flavour } from './tasting.ts';

export type Thumb = 'up' | 'down';

/** All that a page is made of. Two equal inputs make two equal pages. */
export type HomeInputs = {
  readonly profileId: string;
  readonly nowMs: number;
  /** What the profile may see and play now. */
  readonly visible: readonly Show[];
  readonly history: History;
  readonly list: MyList;
  readonly thumbs: ReadonlyMap<string, Thumb>;
  /** How popular a show is, from 0 on. */
  readonly popularityOf: (showId: string) => number;
  readonly flavours: ReadonlyMap<string, Flavour>;
};

export type HomePage = {
  /** Null when there is nothing to show. */
  readonly billboard: string | null;
  readonly rows: readonly Row[];
};

/** Of GetHome, and what a page computed ahead would hold. */
export const TITLES_PER_ROW_MAX = 75;
const NEW_MAX = 40;
/** A chart, not a catalogue. */
const POPULAR_MAX = 10;
/** What is not new any more after a quarter of a year. */
const NEW_FOR_MS = 91 * 24 * 60 * 60_000;

/** The page of a profile: pure, so that it can be made on request or ahead of it. */
export function composeHome(inputs: HomeInputs): HomePage {
  const { visible, history, list, thumbs, popularityOf } = inputs;
  const byId = new Map(visible.map((show) => [show.id, show]));
  const isDisliked = (showId: string): boolean => thumbs.get(showId) === 'down';
  const interesting = byInterest(inputs);
  const rows = arrangeRows(
    [
      { ...row('continue'), titleIds: history.shows.map(({ showId }) => showId).filter((id) => isUnderWay(byId.get(id), history)) },
      { ...row('list'), titleIds: list.filter((id) => byId.has(id)) },
      { ...row('new'), titleIds: newest(inputs, isDisliked) },
      { ...row('popular'), titleIds: chart(visible, popularityOf) },
      ...becauseRows({ ...inputs, byId, isDisliked }),
      ...genreRows({ ...inputs, interesting, isDisliked }),
    ],
    { titlesMax: TITLES_PER_ROW_MAX, isScarce: visible.length < SCARCE_BELOW },
  );
  return { billboard: chooseBillboard(inputs, interesting, isDisliked), rows };
}

/** Below this many titles rows could not be filled if none were shown twice. */
const SCARCE_BELOW = 60;

function row(kind: 'continue' | 'list' | 'new' | 'popular'): Omit<Row, 'titleIds'> {
  return { id: kind, kind, aboutTitleId: '', genre: '' };
}

function isUnderWay(show: Show | undefined, history: History): boolean {
  return show !== undefined && history.isUnderWay(show);
}

/** A series is as new as its newest episode. */
function newest({ visible, nowMs, history }: HomeInputs, isDisliked: (id: string) => boolean): string[] {
  const watched = new Set(history.shows.map(({ showId }) => showId));
  return visible
    .map((show) => ({ id: show.id, sinceMs: Math.max(...show.plays.map((play) => play.createdAtMs)) }))
    .filter(({ id, sinceMs }) => nowMs - sinceMs < NEW_FOR_MS && !watched.has(id) && !isDisliked(id))
    .sort((one, other) => other.sinceMs - one.sinceMs || (one.id < other.id ? -1 : 1))
    .slice(0, NEW_MAX)
    .map(({ id }) => id);
}

function chart(visible: readonly Show[], popularityOf: HomeInputs['popularityOf']): string[] {
  return visible
    .map(({ id }) => ({ id, score: popularityOf(id) }))
    .filter(({ score }) => score > 0)
    .sort((one, other) => other.score - one.score || (one.id < other.id ? -1 : 1))
    .slice(0, POPULAR_MAX)
    .map(({ id }) => id);
}

/** The billboard changes from day to day among these. */
const BILLBOARD_AMONG = 3;

/** Among the most interesting with a large picture; what was seen to its end only when there is nothing else. */
function chooseBillboard(
  { profileId, nowMs, history }: HomeInputs,
  shows: readonly Interesting[],
  isDisliked: (id: string) => boolean,
): string | null {
  const finished = new Set(history.shows.filter(({ isFinished }) => isFinished).map(({ showId }) => showId));
  const ranked = shows.map(({ show: { id, title } }) => ({
    id,
    rank: (title.backdropPath === '' ? 0 : 4) + (finished.has(id) ? 0 : 2) + (isDisliked(id) ? -8 : 0),
  }));
  const best = ranked.reduce((most, { rank }) => Math.max(most, rank), Number.NEGATIVE_INFINITY);
  const among = ranked.filter(({ rank }) => rank === best).slice(0, BILLBOARD_AMONG);
  return among[Math.floor(lot('billboard', profileId, dayOf(nowMs)) * among.length)]?.id ?? null;
}
