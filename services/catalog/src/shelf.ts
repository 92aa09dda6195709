import type { Kept } from './aggregate.ts';
import type { RecordStore } from './record-store.ts';

/**
 * Every record of a kind in memory, so that reading costs no store call and goes on when the store is down. It is loaded from the shelved records, which
 * hold every acknowledged change, and kept current by `followRecords`, whichever instance wrote.
 */
export type Shelf<R extends Kept> = {
  /** Null for one that never was or is removed. */
  get(id: string): R | null;
  /** Also a removed one. */
  find(id: string): R | null;
  /** Not removed, in no order. */
  all(): readonly R[];
  /** Takes a record in, durably, unless a newer version is here. */
  adopt(record: R): Promise<void>;
};

export async function openShelf<R extends Kept>(store: Pick<RecordStore<R, unknown>, 'shelve' | 'shelved'>): Promise<Shelf<R>> {
  const records = new Map<string, R>();
  let living: readonly R[] | null = null;
  for await (const record of store.shelved()) records.set(record.id, record);
  const isNews = (record: R): boolean => (records.get(record.id)?.version ?? 0) < record.version;
  return {
    get(id) {
      const record = records.get(id);
      return record === undefined || record.removed ? null : record;
    },
    find: (id) => records.get(id) ?? null,
    all: () => (living ??= [...records.values()].filter((record) => !record.removed)),
    async adopt(record) {
      if (!isNews(record)) return;
      await store.shelve(record);
      if (!isNews(record)) return;
      records.set(record.id, record);
      living = null;
    },
  };
}
