import type { EditionSummary, TitleDescription, TitleEvent, TitleRecord } from './title.ts';

/** What a command comes to: events to append (none: it is already so), or the reason why not. */
export type Decision =
  | { readonly kind: 'events'; readonly events: readonly TitleEvent[] }
  | { readonly kind: 'refused'; readonly because: 'unknown_title' | 'removed_title' };

const NOTHING: Decision = { kind: 'events', events: [] };

export function decideCreate(record: TitleRecord | null, description: TitleDescription, atMs: number): Decision {
  if (record?.removed === true) return { kind: 'refused', because: 'removed_title' };
  return record === null ? events({ type: 'title.created', atMs, ...description }) : NOTHING;
}

export function decidePublish(record: TitleRecord | null, edition: EditionSummary): Decision {
  return onTitle(record, (title) =>
    title.editions.some((known) => known.editionId === edition.editionId) ? NOTHING : events({ type: 'edition.published', ...edition }),
  );
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

export function decideAvailability(record: TitleRecord | null, window: { readonly fromMs: number; readonly untilMs: number }): Decision {
  return onTitle(record, (title) => {
    const same = title.availableFromMs === window.fromMs && title.availableUntilMs === window.untilMs;
    return same ? NOTHING : events({ type: 'availability.set', ...window });
  });
}

/** Removing twice is the same as removing once. */
export function decideRemove(record: TitleRecord | null): Decision {
  if (record?.removed === true) return NOTHING;
  return onTitle(record, (title) =>
    events({ type: 'title.removed', titleId: title.id, editionIds: title.editions.map((edition) => edition.editionId) }),
  );
}

function onTitle(record: TitleRecord | null, decide: (title: TitleRecord) => Decision): Decision {
  if (record === null) return { kind: 'refused', because: 'unknown_title' };
  return record.removed ? { kind: 'refused', because: 'removed_title' } : decide(record);
}

function events(...list: readonly TitleEvent[]): Decision {
  return { kind: 'events', events: list };
}
