import type { Items } from '@bioscope/kv';

/** All items of a record. Ends with its last page; the catalogue's own limits bound how many there are. */
export async function* itemsOf(
  items: Items,
  { namespace, record }: { readonly namespace: string; readonly record: string },
): AsyncGenerator<{ key: Uint8Array; value: Uint8Array }> {
  let cursor: string | null = null;
  do {
    const page = await items.get({ namespace, record, page: cursor === null ? {} : { cursor } });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== null);
}
