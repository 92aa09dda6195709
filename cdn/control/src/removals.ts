import type { LogRecord } from '@bioscope/log';

export const TITLES_TOPIC = 'catalog.titles';

export type Removal = { readonly titleId: string; readonly editionIds: readonly string[] };

/** Reads a `title.removed` record; null for records of other types. Throws when a removal cannot be read: it must not be passed over silently. */
export function parseRemoval(record: Pick<LogRecord, 'type' | 'value'>): Removal | null {
  if (record.type !== 'title.removed') return null;
  const value: unknown = JSON.parse(Buffer.from(record.value).toString());
  if (typeof value !== 'object' || value === null || !('titleId' in value) || typeof value.titleId !== 'string') {
    throw new Error('title.removed: no titleId');
  }
  const ids: unknown = 'editionIds' in value ? value.editionIds : [];
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
    throw new Error('title.removed: editionIds must be a list of strings');
  return { titleId: value.titleId, editionIds: ids };
}
