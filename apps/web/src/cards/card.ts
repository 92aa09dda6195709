/** A film or a series as the graph tells of it, for a card. Names come in the language of the page. */
export type CardTitle = {
  readonly id: string;
  readonly kind: 'MOVIE' | 'SERIES' | 'SEASON' | 'EPISODE';
  readonly state: 'PREPARING' | 'PLAYABLE' | 'FAILED';
  readonly name: string;
  readonly year: number | null;
  readonly durationMs: number;
  readonly maturity: number;
  readonly isRated: boolean;
  readonly heightMax: number | null;
  readonly posterPath: string | null;
  readonly backdropPath: string | null;
};

export const THUMBS = ['NONE', 'UP', 'DOWN'] as const;
export type Thumb = (typeof THUMBS)[number];

/** How it stands between a profile and a title (services/home). */
export type Standing = {
  /** What plays when it is chosen; null while nothing can be played. */
  readonly playId: string | null;
  readonly durationMs: number;
  /** Where it goes on; 0: from the beginning. */
  readonly positionMs: number;
  /** Of the episode that plays. */
  readonly seasonNumber: number | null;
  readonly episodeNumber: number | null;
  readonly episodeName: string | null;
  readonly isInMyList: boolean;
  readonly thumb: Thumb;
};

export type Card<T extends CardTitle = CardTitle> = Standing & { readonly title: T };

/** As the graph sends it: without a title when that may not be seen any more, or the catalogue is away. */
export type SentCard<T extends CardTitle = CardTitle> = Standing & { readonly title: T | null };

export function cardsOf<T extends CardTitle>(sent: readonly SentCard<T>[]): Card<T>[] {
  return sent.flatMap((card) => (card.title === null ? [] : [{ ...card, title: card.title }]));
}

/** 0 to 1. */
export function watchedShare({ positionMs, durationMs }: Pick<Standing, 'positionMs' | 'durationMs'>): number {
  return durationMs > 0 ? Math.min(1, Math.max(0, positionMs) / durationMs) : 0;
}

export type WayToPlay =
  | { readonly kind: 'play' | 'resume'; readonly playId: string }
  | { readonly kind: 'play_episode' | 'resume_episode'; readonly playId: string; readonly season: number; readonly episode: number };

/** What the play button does; undefined while nothing can be played. */
export function wayToPlay({ playId, positionMs, seasonNumber, episodeNumber }: Standing): WayToPlay | undefined {
  if (playId === null) return undefined;
  const begun = positionMs > 0;
  if (seasonNumber === null || episodeNumber === null) return { kind: begun ? 'resume' : 'play', playId };
  return { kind: begun ? 'resume_episode' : 'play_episode', playId, season: seasonNumber, episode: episodeNumber };
}
