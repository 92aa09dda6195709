/** The log topic of all that happens to titles. Records are keyed by title id; consumers pass over types they do not know. */
export const TITLES_TOPIC = 'catalog.titles';
/** The log topic of all that happens to people, keyed by person id. */
export const PEOPLE_TOPIC = 'catalog.people';

export const TITLE_EVENT_TYPES = [
  'title.created',
  'edition.published',
  'preparation.failed',
  'preparation.resumed',
  'artwork.set',
  // Of older releases: one window for every country.
  'availability.set',
  'title.described',
  'windows.set',
  'people.set',
  'title.placed',
  'title.removed',
] as const;
export type TitleEventType = (typeof TITLE_EVENT_TYPES)[number];

export const PERSON_EVENT_TYPES = ['person.put', 'person.removed'] as const;
export type PersonEventType = (typeof PERSON_EVENT_TYPES)[number];

/** Value of a `title.removed` record, as JSON: all that others may keep of the title is named here. */
export type TitleRemoved = { readonly titleId: string; readonly editionIds: readonly string[] };

/** Reads the value of a `title.removed` record. Throws a TypeError for anything else. */
export function parseTitleRemoved(value: Uint8Array): TitleRemoved {
  const parsed: unknown = JSON.parse(new TextDecoder().decode(value));
  if (typeof parsed === 'object' && parsed !== null && 'titleId' in parsed && 'editionIds' in parsed) {
    const { titleId, editionIds } = parsed;
    if (typeof titleId === 'string' && Array.isArray(editionIds) && editionIds.every((id) => typeof id === 'string'))
      return { titleId, editionIds };
  }
  throw new TypeError('a title.removed record without titleId and editionIds');
}
