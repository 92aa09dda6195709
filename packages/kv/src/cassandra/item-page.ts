/** One page being filled: ends before the item that would go over its bytes or its number, but always takes the first. */
export type Page<T> = {
  /** False when the item does not fit any more: the page is full, and there is more. */
  add(item: T, key: Buffer, bytes: number): boolean;
  found(): readonly T[];
  lastKey(): Buffer | null;
  itemsLeft(): number;
  bytesLeft(): number;
};

export function createPage<T>({ bytesMax, itemsMax }: { bytesMax: number; itemsMax: number }): Page<T> {
  const items: T[] = [];
  let bytes = 0;
  let last: Buffer | null = null;
  return {
    add(item, key, itemBytes) {
      if (items.length > 0 && (bytes + itemBytes > bytesMax || items.length >= itemsMax)) return false;
      items.push(item);
      bytes += itemBytes;
      last = key;
      return true;
    },
    found: () => items,
    lastKey: () => last,
    itemsLeft: () => itemsMax - items.length,
    bytesLeft: () => Math.max(0, bytesMax - bytes),
  };
}
