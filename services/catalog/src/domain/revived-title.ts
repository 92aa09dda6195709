import { NOTHING_SAID, STANDS_ALONE, type EditionSummary, type TitleDescription, type TitleRecord } from './title.ts';

/**
 * A title as it was shelved, with what older releases did not know filled in: they had movies only, with one window for every country. A shelved record is
 * at its stream's head, so that nothing would fold it anew.
 */
export function revivedTitle(stored: unknown): TitleRecord {
  // What lies on the shelf was written by this release or by one that kept some of the fields.
  const {
    availableFromMs = 0,
    availableUntilMs = 0,
    ...kept
  } = stored as Partial<TitleRecord> &
    Pick<TitleRecord, 'id' | 'version' | 'createdAtMs' | keyof TitleDescription> & {
      availableFromMs?: number;
      availableUntilMs?: number;
    };
  const isBounded = availableFromMs !== 0 || availableUntilMs !== 0;
  return {
    ...NOTHING_SAID,
    ...STANDS_ALONE,
    ...(isBounded ? { windows: [{ country: '*', fromMs: availableFromMs, untilMs: availableUntilMs }] } : {}),
    ...kept,
    editions: (kept.editions ?? []).map((edition: Partial<EditionSummary> & Omit<EditionSummary, 'audioLanguages' | 'textLanguages'>) => ({
      audioLanguages: [],
      textLanguages: [],
      ...edition,
    })),
  };
}
