import type { WatchingStage } from '@bioscope/playback/contract';
import type { Title } from '@bioscope/catalog/contract';

import type { Library, Show } from './library.ts';

/** How far a profile is in a movie or episode. */
export type Watched = {
  readonly titleId: string;
  readonly positionMs: number;
  readonly durationMs: number;
  readonly stage: WatchingStage;
  readonly atMs: number;
};

/** With what a show goes on, and where. */
export type Next = { readonly play: Title; readonly positionMs: number };

/** What a profile has watched, by show. */
export type History = {
  /** Shows that were begun or finished, the last watched first. */
  readonly shows: readonly { readonly showId: string; readonly atMs: number; readonly isFinished: boolean }[];
  /** With what the show goes on. The first episode, or the movie from its beginning, when nothing was watched. */
  nextOf(show: Show): Next;
  /** Whether there is something to go on with: under way, or an episode after one that was finished. */
  isUnderWay(show: Show): boolean;
};

export function historyOf(watched: readonly Watched[], library: Library): History {
  const told = watched.filter((entry) => entry.stage !== 'opened' && library.showOf.has(entry.titleId)).sort(newestFirst);
  const byShow = Map.groupBy(told, (entry) => library.showOf.get(entry.titleId)?.id ?? '');
  return {
    shows: [...byShow].map(([showId, entries]) => {
      const show = library.showOf.get(showId);
      const atMs = entries[0]?.atMs ?? 0;
      return { showId, atMs, isFinished: show !== undefined && continuation(show, entries) === null };
    }),
    nextOf(show) {
      const next = continuation(show, byShow.get(show.id) ?? []);
      return next ?? { play: firstOf(show), positionMs: 0 };
    },
    isUnderWay: (show) => continuation(show, byShow.get(show.id) ?? []) !== null,
  };
}

/** From the last watched on; null when nothing was watched, or nothing comes after it. */
function continuation(show: Show, entries: readonly Watched[]): Next | null {
  const last = entries.find((entry) => show.plays.some((play) => play.id === entry.titleId));
  if (last === undefined) return null;
  const at = show.plays.findIndex((play) => play.id === last.titleId);
  const play = show.plays[last.stage === 'finished' ? at + 1 : at];
  if (play === undefined) return null;
  const entry = entries.find((each) => each.titleId === play.id);
  return { play, positionMs: entry?.stage === 'begun' ? entry.positionMs : 0 };
}

/** Shows without anything to play are seen by nobody. */
function firstOf(show: Show): Title {
  return show.plays[0] ?? show.title;
}

function newestFirst(one: Watched, other: Watched): number {
  return other.atMs - one.atMs || (one.titleId < other.titleId ? -1 : 1);
}
