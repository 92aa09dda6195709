import type { TitleRecord } from './domain/title.ts';
import type { CatalogStore } from './store.ts';

/**
 * Every title in memory, so that reading costs no store call and goes on when the store is down. It is loaded from the shelved records, which
 * hold every acknowledged change, and kept current by `followTitles`, whichever instance wrote.
 */
export type Shelf = {
  /** Null for a title that never was or is removed. */
  get(titleId: string): TitleRecord | null;
  /** Also a removed one. */
  find(titleId: string): TitleRecord | null;
  /** Not removed, newest first. */
  titles(): readonly TitleRecord[];
  /** Takes a record in, durably, unless a newer version is here. */
  adopt(record: TitleRecord): Promise<void>;
};

export async function openShelf(store: CatalogStore): Promise<Shelf> {
  const records = new Map<string, TitleRecord>();
  for await (const record of store.shelved()) records.set(record.id, record);
  const isNews = (record: TitleRecord): boolean => (records.get(record.id)?.version ?? 0) < record.version;
  return {
    get(titleId) {
      const record = records.get(titleId);
      return record === undefined || record.removed ? null : record;
    },
    find: (titleId) => records.get(titleId) ?? null,
    titles: () => [...records.values()].filter((record) => !record.removed).sort(newestFirst),
    async adopt(record) {
      if (!isNews(record)) return;
      await store.shelve(record);
      if (isNews(record)) records.set(record.id, record);
    },
  };
}

function newestFirst(one: TitleRecord, other: TitleRecord): number {
  return other.createdAtMs - one.createdAtMs || (one.id < other.id ? -1 : 1);
}
