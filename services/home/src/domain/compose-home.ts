import { becauseRows, genreRows } from './discovery-rows.ts';
import { dayOf } from './popularity.ts';
import type { History } from './history.ts';
import type { Show } from './library.ts';
import { lot } from './lot.ts';
import type { MyList } from './my-list.ts';
import { arrangeRows, type Row } from './rows.ts';
import { likeness, tasteOf, type Flavour } from './tasting.ts';

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
  const interest = interestIn(inputs);
  const rows = arrangeRows(
    [
      { ...row('continue'), titleIds: history.shows.map(({ showId }) => showId).filter((id) => isUnderWay(byId.get(id), history)) },
      { ...row('list'), titleIds: list.filter((id) => byId.has(id)) },
      { ...row('new'), titleIds: newest(inputs, isDisliked) },
      { ...row('popular'), titleIds: chart(visible, popularityOf) },
      ...becauseRows({ ...inputs, byId, interest, isDisliked }),
      ...genreRows({ ...inputs, interest, isDisliked }),
    ],
    { titlesMax: TITLES_PER_ROW_MAX, isScarce: visible.length < SCARCE_BELOW },
  );
  return { billboard: chooseBillboard(inputs, interest, isDisliked), rows };
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

/** How much likes, watching and dislikes say. */
const OPINION = { up: 1, finished: 0.6, begun: 0.4, down: -1 } as const;
/** Older watching says less of what somebody wants today. */
const OPINIONS_COUNTED = 50;
/** How much popularity says beside taste, and chance beside both: enough to show something else tomorrow. */
const POPULARITY_SHARE = 0.4;
const CHANCE_SHARE = 0.1;

/** How much the profile will like a show, as far as can be told. Changes with the day, so that pages do not stand still. */
function interestIn({ profileId, nowMs, history, thumbs, flavours, visible, popularityOf }: HomeInputs): (showId: string) => number {
  const opinions = [
    ...history.shows
      .slice(0, OPINIONS_COUNTED)
      .map(({ showId, isFinished }) => ({ showId, weight: OPINION[isFinished ? 'finished' : 'begun'] })),
    ...[...thumbs].map(([showId, thumb]) => ({ showId, weight: OPINION[thumb] })),
  ];
  const taste = tasteOf(opinions.map(({ showId, weight }) => ({ flavour: flavours.get(showId) ?? NO_FLAVOUR, weight })));
  const top = Math.max(1, ...visible.map(({ id }) => popularityOf(id)));
  const day = dayOf(nowMs);
  const known = new Map<string, number>();
  return (showId) => {
    const before = known.get(showId);
    if (before !== undefined) return before;
    const liked = likeness(taste, flavours.get(showId) ?? NO_FLAVOUR);
    const interest = liked + POPULARITY_SHARE * (popularityOf(showId) / top) + CHANCE_SHARE * lot(profileId, day, showId);
    known.set(showId, interest);
    return interest;
  };
}

const NO_FLAVOUR: Flavour = new Map();
/** The billboard changes from day to day among these. */
const BILLBOARD_AMONG = 3;

/** Among the most interesting with a large picture; what was seen to its end only when there is nothing else. */
function chooseBillboard(
  { profileId, nowMs, visible, history }: HomeInputs,
  interest: (id: string) => number,
  isDisliked: (id: string) => boolean,
): string | null {
  const finished = new Set(history.shows.filter(({ isFinished }) => isFinished).map(({ showId }) => showId));
  const rank = ({ id, title }: Show): number =>
    (title.backdropPath === '' ? 0 : 4) + (finished.has(id) ? 0 : 2) + (isDisliked(id) ? -8 : 0);
  const best = Math.max(...visible.map(rank));
  const among = visible
    .filter((show) => rank(show) === best)
    .toSorted((one, other) => interest(other.id) - interest(one.id) || (one.id < other.id ? -1 : 1))
    .slice(0, BILLBOARD_AMONG);
  return among[Math.floor(lot('billboard', profileId, dayOf(nowMs)) * among.length)]?.id ?? null;
}
