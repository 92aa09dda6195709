import DataLoader from 'dataloader';

/** What a store is asked for at once; a larger question is asked in pieces of this. */
const KEYS_MAX = 1_000;

export type LoadEntity<Key, Entity> = (key: Key) => Promise<Entity | null>;

/**
 * Reads what is asked for one by one in one go per tick, each key once per request: make it in `loaders`. `readMany` may leave out what there is not, and answer in any
 * order; when it rejects, each of its keys does.
 */
export function entityLoader<Key extends string | number, Entity>(
  readMany: (keys: readonly Key[]) => Promise<ReadonlyMap<Key, Entity>>,
): LoadEntity<Key, Entity> {
  const loader = new DataLoader<Key, Entity | null>(
    async (keys) => {
      const found = await readMany(keys);
      return keys.map((key) => found.get(key) ?? null);
    },
    { maxBatchSize: KEYS_MAX },
  );
  return (key) => loader.load(key);
}
