import { TitleState, type Title } from '@bioscope/catalog/contract';
import type { Bookmark } from '@bioscope/playback/contract';

/** What the home page shows, decided from what the services know. */
export type Shelf = {
  /** The film on the big picture on top. */
  readonly billboard: Title | undefined;
  readonly continueWatching: readonly { title: Title; bookmark: Bookmark }[];
  readonly films: readonly Title[];
  /** Nothing to watch yet, or given up: progress or the reason is shown. */
  readonly preparing: readonly Title[];
};

export function arrangeShelf(titles: readonly Title[], bookmarks: readonly Bookmark[]): Shelf {
  const films = titles.filter(isPlayable);
  const byId = new Map(films.map((title) => [title.id, title]));
  const continueWatching = bookmarks.flatMap((bookmark) => {
    const title = byId.get(bookmark.titleId);
    return title !== undefined && bookmark.positionMs > 0 ? [{ title, bookmark }] : [];
  });
  return { billboard: chooseBillboard(films), continueWatching, films, preparing: titles.filter((title) => !isPlayable(title)) };
}

/** The film whose picture fills a large screen best: with a backdrop first, then sharpest, longest, newest. */
function chooseBillboard(films: readonly Title[]): Title | undefined {
  const rank = (title: Title): readonly number[] => [
    title.backdropPath === '' ? 0 : 1,
    topHeight(title),
    title.durationMs,
    title.createdAtMs,
  ];
  return films.toSorted((one, other) => compareRanks(rank(other), rank(one)))[0];
}

function compareRanks(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function isPlayable(title: Title): boolean {
  return title.state === TitleState.PLAYABLE && title.editionId !== '';
}

/** Heights are ascending; 0 while nothing is playable. */
export function topHeight(title: Title): number {
  return title.rungHeights.at(-1) ?? 0;
}

/** 0 to 1. */
export function watchedShare(bookmark: Bookmark): number {
  return bookmark.durationMs > 0 ? Math.min(1, bookmark.positionMs / bookmark.durationMs) : 0;
}

export type Availability = { kind: 'now' } | { kind: 'later'; fromMs: number } | { kind: 'over' };

export function availabilityAt(title: Title, nowMs: number): Availability {
  if (title.availableFromMs > nowMs) return { kind: 'later', fromMs: title.availableFromMs };
  if (title.availableUntilMs > 0 && title.availableUntilMs <= nowMs) return { kind: 'over' };
  return { kind: 'now' };
}

/** How soon the list can be expected to look different: seconds while something is being prepared, else a minute. */
export function refreshAfterMs(titles: readonly Title[]): number {
  return titles.some((title) => title.state !== TitleState.FAILED && title.prepared < 1) ? 2_000 : 60_000;
}
