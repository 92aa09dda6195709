/** Keeps the entries used last. Keys of thousands of bytes are fine: a map hashes a string once. */
export type LatestUsed<K, V> = { get(key: K): V | undefined; set(key: K, value: V): void; clear(): void; readonly size: number };

export function latestUsed<K, V>({ entriesMax }: { readonly entriesMax: number }): LatestUsed<K, V> {
  const entries = new Map<K, V>();
  return {
    get(key) {
      const value = entries.get(key);
      if (value === undefined) return undefined;
      // A map iterates in the order of insertion: the first is the one unused for longest.
      entries.delete(key);
      entries.set(key, value);
      return value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, value);
      if (entries.size <= entriesMax) return;
      const oldest = entries.keys().next();
      if (oldest.done !== true) entries.delete(oldest.value);
    },
    clear: () => entries.clear(),
    get size() {
      return entries.size;
    },
  };
}
