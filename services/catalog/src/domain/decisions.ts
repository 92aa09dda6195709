import type { OfferedWindow } from '../../contract/offered.ts';
import {
  STANDS_ALONE,
  type CreditRecord,
  type EditionSummary,
  type Place,
  type TitleDescription,
  type TitleEvent,
  type TitleFacts,
  type TitleRecord,
} from './title.ts';

/** What a command comes to: events to append (none: it is already so), or the reason why not. */
export type Decision =
  | { readonly kind: 'events'; readonly events: readonly TitleEvent[] }
  | { readonly kind: 'refused'; readonly because: 'unknown' | 'removed' | 'wrong_kind' };

const NOTHING: Decision = { kind: 'events', events: [] };

export function decideCreate(
  record: TitleRecord | null,
  description: TitleDescription,
  atMs: number,
  place: Place = STANDS_ALONE,
): Decision {
  if (record?.removed === true) return { kind: 'refused', because: 'removed' };
  return record === null ? events({ type: 'title.created', atMs, ...description, place }) : NOTHING;
}

export function decidePublish(record: TitleRecord | null, edition: EditionSummary): Decision {
  return onTitle(record, (title) => {
    if (consistsOfOthers(title)) return { kind: 'refused', because: 'wrong_kind' };
    return title.editions.some((known) => known.editionId === edition.editionId)
      ? NOTHING
      : events({ type: 'edition.published', ...edition });
  });
}

/** A failure is remembered once; a report without one after a failure means that the work was taken up again. */
export function decidePreparation(record: TitleRecord | null, failure: string): Decision {
  return onTitle(record, (title) => {
    if (failure === title.failure) return NOTHING;
    return failure === '' ? events({ type: 'preparation.resumed' }) : events({ type: 'preparation.failed', reason: failure });
  });
}

export function decideArtwork(record: TitleRecord | null, files: { readonly poster?: string; readonly backdrop?: string }): Decision {
  return onTitle(record, (title) => {
    const same = (files.poster ?? title.poster) === title.poster && (files.backdrop ?? title.backdrop) === title.backdrop;
    return same ? NOTHING : events({ type: 'artwork.set', ...files });
  });
}

/** Only what is new is noted. */
export function decideDescribe(record: TitleRecord | null, facts: Partial<TitleFacts>): Decision {
  return onTitle(record, (title) => {
    const known: Readonly<Record<string, unknown>> = title;
    const news = Object.entries(facts).filter(([field, value]) => !isSame(known[field], value));
    return news.length === 0 ? NOTHING : events({ type: 'title.described', ...Object.fromEntries(news) });
  });
}

/** Null: those of the season or series. */
export function decideWindows(record: TitleRecord | null, windows: readonly OfferedWindow[] | null): Decision {
  return onTitle(record, (title) => (isSame(title.windows, windows) ? NOTHING : events({ type: 'windows.set', windows })));
}

export function decidePeople(record: TitleRecord | null, people: readonly CreditRecord[]): Decision {
  return onTitle(record, (title) => (isSame(title.people, people) ? NOTHING : events({ type: 'people.set', people })));
}

/** Null: it stands alone again. */
export function decidePlace(record: TitleRecord | null, at: { readonly seasonId: string; readonly number: number } | null): Decision {
  return onTitle(record, (title) => {
    if (consistsOfOthers(title)) return { kind: 'refused', because: 'wrong_kind' };
    const place: Place = at === null ? STANDS_ALONE : { kind: 'episode', parentId: at.seasonId, number: at.number };
    const { kind, parentId, number } = title;
    return isSame({ kind, parentId, number }, place) ? NOTHING : events({ type: 'title.placed', place });
  });
}

/** Removing twice is the same as removing once. */
export function decideRemove(record: TitleRecord | null): Decision {
  if (record?.removed === true) return NOTHING;
  return onTitle(record, (title) =>
    events({ type: 'title.removed', titleId: title.id, editionIds: title.editions.map((edition) => edition.editionId) }),
  );
}

export function consistsOfOthers({ kind }: Pick<TitleRecord, 'kind'>): boolean {
  return kind === 'series' || kind === 'season';
}

function onTitle(record: TitleRecord | null, decide: (title: TitleRecord) => Decision): Decision {
  if (record === null) return { kind: 'refused', because: 'unknown' };
  return record.removed ? { kind: 'refused', because: 'removed' } : decide(record);
}

function events(...list: readonly TitleEvent[]): Decision {
  return { kind: 'events', events: list };
}

/** Of JSON values whose fields come in one order: all are made by this unit's readers of requests. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
