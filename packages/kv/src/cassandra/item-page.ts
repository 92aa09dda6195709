/** One page being filled: ends before the item that would go over its bytes or its number, but always takes the first. */
export type Page<T> = {
  readonly bytesMax: number;
  readonly itemsMax: number;
  readonly found: T[];
  bytes: number;
  lastKey: Buffer | null;
};

export function newPage<T>({ bytesMax, itemsMax }: { bytesMax: number; itemsMax: number }): Page<T> {
  return { bytesMax, itemsMax, found: [], bytes: 0, lastKey: null };
}

/** False when the item does not fit any more: the page is full, and there is more. */
export function addToPage<T>(page: Page<T>, item: T, key: Buffer, bytes: number): boolean {
  const { found } = page;
  if (found.length > 0 && (page.bytes + bytes > page.bytesMax || found.length >= page.itemsMax)) return false;
  found.push(item);
  page.bytes += bytes;
  page.lastKey = key;
  return true;
}
