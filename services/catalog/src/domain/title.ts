/** What happened to a title; the stream of these is the title. */
export type TitleEvent =
  | ({ readonly type: 'title.created'; readonly atMs: number } & TitleDescription)
  | ({ readonly type: 'edition.published' } & EditionSummary)
  | { readonly type: 'preparation.failed'; readonly reason: string }
  | { readonly type: 'preparation.resumed' }
  | { readonly type: 'artwork.set'; readonly poster?: string; readonly backdrop?: string }
  | { readonly type: 'availability.set'; readonly fromMs: number; readonly untilMs: number }
  | { readonly type: 'title.removed'; readonly titleId: string; readonly editionIds: readonly string[] };

export type TitleDescription = {
  readonly name: string;
  readonly synopsis: string;
  /** Zero when not known. */
  readonly year: number;
  readonly credit: string;
  readonly licence: string;
  readonly sourceUrl: string;
};
export type EditionSummary = {
  readonly editionId: string;
  readonly complete: boolean;
  readonly durationMs: number;
  /** Ascending. */
  readonly rungHeights: readonly number[];
};

/** A title as its events add up. */
export type TitleRecord = TitleDescription & {
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
  /** Zero: no bound. */
  readonly availableFromMs: number;
  readonly availableUntilMs: number;
  readonly removed: boolean;
};

/** Null before the first event. Throws when a title does not begin with its creation: then the stream is not a title's. */
export function foldTitle(id: string, record: TitleRecord | null, event: TitleEvent): TitleRecord {
  if (record === null) {
    if (event.type !== 'title.created') throw new TypeError(`title ${id} begins with ${event.type}`);
    return created(id, event);
  }
  return { ...(event.type === 'title.created' ? record : changed(record, event)), version: record.version + 1 };
}

/** The newest complete edition; as long as there is none, the newest. */
export function playedEdition(record: TitleRecord): EditionSummary | null {
  return record.editions.findLast((edition) => edition.complete) ?? record.editions.at(-1) ?? null;
}

function created(id: string, event: TitleEvent & { type: 'title.created' }): TitleRecord {
  return {
    id,
    version: 1,
    name: event.name,
    synopsis: event.synopsis,
    year: event.year,
    credit: event.credit,
    licence: event.licence,
    sourceUrl: event.sourceUrl,
    createdAtMs: event.atMs,
    editions: [],
    failure: '',
    poster: '',
    backdrop: '',
    availableFromMs: 0,
    availableUntilMs: 0,
    removed: false,
  };
}

function changed(record: TitleRecord, event: Exclude<TitleEvent, { type: 'title.created' }>): TitleRecord {
  switch (event.type) {
    case 'edition.published': {
      const { type: _, ...edition } = event;
      return { ...record, failure: '', editions: [...record.editions, edition] };
    }
    case 'preparation.failed':
      return { ...record, failure: event.reason };
    case 'preparation.resumed':
      return { ...record, failure: '' };
    case 'artwork.set':
      return { ...record, poster: event.poster ?? record.poster, backdrop: event.backdrop ?? record.backdrop };
    case 'availability.set':
      return { ...record, availableFromMs: event.fromMs, availableUntilMs: event.untilMs };
    case 'title.removed':
      return { ...record, removed: true };
    default:
      return event satisfies never;
  }
}
