import type { Genre, Job, Maturity } from '../../contract/genres.ts';
import type { OfferedWindow } from '../../contract/offered.ts';

/** What happened to a title; the stream of these is the title. */
export type TitleEvent =
  | ({ readonly type: 'title.created'; readonly atMs: number; readonly place?: Place } & TitleDescription)
  | ({ readonly type: 'edition.published' } & PublishedEdition)
  | { readonly type: 'preparation.failed'; readonly reason: string }
  | { readonly type: 'preparation.resumed' }
  | { readonly type: 'artwork.set'; readonly poster?: string; readonly backdrop?: string }
  | { readonly type: 'availability.set'; readonly fromMs: number; readonly untilMs: number }
  | ({ readonly type: 'title.described' } & Partial<TitleFacts>)
  | { readonly type: 'windows.set'; readonly windows: readonly OfferedWindow[] | null }
  | { readonly type: 'people.set'; readonly people: readonly CreditRecord[] }
  | { readonly type: 'title.placed'; readonly place: Place }
  | { readonly type: 'title.removed'; readonly titleId: string; readonly editionIds: readonly string[] };

export const TITLE_KINDS = ['movie', 'series', 'season', 'episode'] as const;
export type TitleKind = (typeof TITLE_KINDS)[number];

/** Where a title stands. Movies and series stand alone: no parent, number 0. */
export type Place = { readonly kind: TitleKind; readonly parentId: string; readonly number: number };

export type TitleDescription = {
  readonly name: string;
  readonly synopsis: string;
  /** Zero when not known. */
  readonly year: number;
  readonly credit: string;
  readonly licence: string;
  readonly sourceUrl: string;
};
/** All that operators say of a title by describing it. */
export type TitleFacts = TitleDescription & {
  readonly synopsisShort: string;
  /** BCP 47; empty when not known. */
  readonly originalLanguage: string;
  readonly genres: readonly Genre[];
  /** Null: not rated. */
  readonly maturity: Maturity | null;
  readonly translations: readonly TranslationRecord[];
};
export type TranslationRecord = {
  readonly language: string;
  readonly name: string;
  readonly synopsis: string;
  readonly synopsisShort: string;
};
export type CreditRecord = { readonly personId: string; readonly job: Job; readonly role: string };
export type EditionSummary = {
  readonly editionId: string;
  readonly complete: boolean;
  readonly durationMs: number;
  /** Ascending. */
  readonly rungHeights: readonly number[];
  readonly audioLanguages: readonly string[];
  readonly textLanguages: readonly string[];
};
/** Releases before languages were noted left them out. */
type PublishedEdition = Omit<EditionSummary, 'audioLanguages' | 'textLanguages'> &
  Partial<Pick<EditionSummary, 'audioLanguages' | 'textLanguages'>>;

/** A title as its events add up. */
export type TitleRecord = TitleFacts &
  Place & {
    readonly id: string;
    /** Events so far. */
    readonly version: number;
    readonly createdAtMs: number;
    /** In the order in which they were published. */
    readonly editions: readonly EditionSummary[];
    /** Why preparation ended early; empty while it goes on. */
    readonly failure: string;
    /** File names below `artwork/<title id>/`; empty when there is none. */
    readonly poster: string;
    readonly backdrop: string;
    /** Null: none of its own. */
    readonly windows: readonly OfferedWindow[] | null;
    readonly people: readonly CreditRecord[];
    readonly removed: boolean;
  };

export const STANDS_ALONE: Place = { kind: 'movie', parentId: '', number: 0 };

/** Null before the first event. Throws when a title does not begin with its creation: then the stream is not a title's. */
export function foldTitle(id: string, record: TitleRecord | null, event: TitleEvent): TitleRecord {
  if (record === null) {
    if (event.type !== 'title.created') throw new TypeError(`title ${id} begins with ${event.type}`);
    return created(id, event);
  }
  return { ...(event.type === 'title.created' ? record : changed(record, event)), version: record.version + 1 };
}

/** The newest complete edition; as long as there is none, the newest. */
export function playedEdition(record: Pick<TitleRecord, 'editions'>): EditionSummary | null {
  return record.editions.findLast((edition) => edition.complete) ?? record.editions.at(-1) ?? null;
}

/** What a title has before anybody says more of it. */
export const NOTHING_SAID = {
  synopsisShort: '',
  originalLanguage: '',
  genres: [],
  maturity: null,
  translations: [],
  editions: [],
  failure: '',
  poster: '',
  backdrop: '',
  windows: null,
  people: [],
  removed: false,
} as const satisfies Partial<TitleRecord>;

function created(id: string, event: TitleEvent & { type: 'title.created' }): TitleRecord {
  const { type: _, atMs, place = STANDS_ALONE, ...description } = event;
  return { ...NOTHING_SAID, ...place, ...description, id, version: 1, createdAtMs: atMs };
}

function changed(record: TitleRecord, event: Exclude<TitleEvent, { type: 'title.created' }>): TitleRecord {
  switch (event.type) {
    case 'edition.published': {
      const { type: _, ...edition } = event;
      return { ...record, failure: '', editions: [...record.editions, { audioLanguages: [], textLanguages: [], ...edition }] };
    }
    case 'preparation.failed':
      return { ...record, failure: event.reason };
    case 'preparation.resumed':
      return { ...record, failure: '' };
    case 'artwork.set':
      return { ...record, poster: event.poster ?? record.poster, backdrop: event.backdrop ?? record.backdrop };
    case 'availability.set':
      return { ...record, windows: [{ country: '*', fromMs: event.fromMs, untilMs: event.untilMs }] };
    case 'title.described': {
      const { type: _, ...facts } = event;
      return { ...record, ...facts };
    }
    case 'windows.set':
      return { ...record, windows: event.windows };
    case 'people.set':
      return { ...record, people: event.people };
    case 'title.placed':
      return { ...record, ...event.place };
    case 'title.removed':
      return { ...record, removed: true };
    default:
      return event satisfies never;
  }
}
