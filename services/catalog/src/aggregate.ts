import { PERSON_EVENT_TYPES, TITLE_EVENT_TYPES } from '../contract/index.ts';
import { foldPerson, type PersonEvent, type PersonRecord } from './domain/person.ts';
import { revivedTitle } from './domain/revived-title.ts';
import { foldTitle, type TitleEvent, type TitleRecord } from './domain/title.ts';

/** What every record has that is the sum of a stream's events. */
export type Kept = { readonly id: string; readonly version: number; readonly removed: boolean };

/** A kind of record, how its events add up, and where it lies. */
export type Aggregate<R extends Kept, E extends { readonly type: string }> = {
  /** For messages. */
  readonly what: string;
  /** Of the event streams; also what the relay publishes from. */
  readonly namespace: string;
  /** Where each record's newest state lies, and the position of who follows the events. */
  readonly shelf: { readonly namespace: string; readonly record: string };
  readonly types: readonly E['type'][];
  readonly fold: (id: string, record: R | null, event: E) => R;
  /** A shelved record, also one that an older release wrote. */
  readonly revive: (stored: unknown) => R;
};

export const TITLES: Aggregate<TitleRecord, TitleEvent> = {
  what: 'title',
  namespace: 'catalog_titles',
  shelf: { namespace: 'catalog_shelf', record: 'titles' },
  types: TITLE_EVENT_TYPES,
  fold: foldTitle,
  revive: revivedTitle,
};

export const PEOPLE: Aggregate<PersonRecord, PersonEvent> = {
  what: 'person',
  namespace: 'catalog_people',
  shelf: { namespace: 'catalog_people_shelf', record: 'people' },
  types: PERSON_EVENT_TYPES,
  fold: foldPerson,
  // Written by the store, and of one form so far.
  revive: (stored) => stored as PersonRecord,
};
