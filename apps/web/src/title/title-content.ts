import type { CardTitle, Standing } from '../cards/card.ts';

export type Bookmark = { readonly positionMs: number; readonly durationMs: number };

export type Credit = {
  readonly job: string;
  readonly role: string | null;
  readonly person: { readonly id: string; readonly name: string };
};

export type Episode = {
  readonly id: string;
  readonly number: number | null;
  readonly name: string;
  readonly synopsis: string;
  readonly synopsisShort: string;
  readonly durationMs: number;
  readonly state: CardTitle['state'];
  readonly backdropPath: string | null;
  readonly bookmark: Bookmark | null;
};

export type Season = { readonly id: string; readonly number: number | null; readonly name: string; readonly episodes: readonly Episode[] };

export type FullTitle = CardTitle & {
  readonly synopsis: string;
  readonly synopsisShort: string;
  readonly genres: readonly string[];
  readonly originalLanguage: string | null;
  readonly audioLanguages: readonly string[];
  readonly textLanguages: readonly string[];
  readonly credit: string | null;
  readonly licence: string | null;
  readonly sourceUrl: string | null;
  readonly people: readonly Credit[];
  readonly series: { readonly id: string } | null;
  readonly seasons: readonly Season[];
  readonly card: Standing | null;
};

/** What the graph answers to `title.graphql`. */
export type SentTitle = { readonly title: FullTitle | null };

/** Before anything is known of it. */
export const UNTOUCHED: Standing = {
  playId: null,
  durationMs: 0,
  positionMs: 0,
  seasonNumber: null,
  episodeNumber: null,
  episodeName: null,
  isInMyList: false,
  thumb: 'NONE',
};

/** Which season is open when the page is: that of the episode that plays next, else the first. */
export function seasonToOpen({ seasons, card }: Pick<FullTitle, 'seasons' | 'card'>): string {
  return (seasons.find(({ number }) => number !== null && number === card?.seasonNumber) ?? seasons[0])?.id ?? '';
}

const JOBS = ['director', 'writer', 'composer', 'cast'] as const;
export type Job = (typeof JOBS)[number];

/** People by what they did, in the order of interest; jobs of a newer release are left out, and so is who is in a job twice. */
export function peopleByJob(people: readonly Credit[]): { readonly job: Job; readonly credits: readonly Credit[] }[] {
  return JOBS.map((job) => {
    const credits = people.filter((credit) => credit.job === job);
    return { job, credits: credits.filter(({ person }, place) => credits.findIndex((other) => other.person.id === person.id) === place) };
  }).filter(({ credits }) => credits.length > 0);
}

/** The last of a film are credits: nobody goes on there. */
const SEEN_SHARE = 0.95;

export function isSeen(bookmark: Bookmark | null): boolean {
  return bookmark !== null && bookmark.durationMs > 0 && bookmark.positionMs / bookmark.durationMs >= SEEN_SHARE;
}
