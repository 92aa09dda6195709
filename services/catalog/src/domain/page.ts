/** Where a listing stands: after this key. Keys grow along the listing. */
export type PageKey = readonly [order: number, id: string];

/**
 * One page of a listing whose order is given by `keyOf`, ascending. The cursor names the last key told, so that a listing goes on rightly when entries come
 * and go meanwhile. Ends early when the page weighs more than `weightMax`. Null: not a cursor of this listing.
 */
export function pageOf<T>(
  entries: readonly T[],
  request: {
    readonly keyOf: (entry: T) => PageKey;
    readonly weightOf: (entry: T) => number;
    readonly weightMax: number;
    readonly size: number;
    readonly cursor: string;
  },
): { readonly page: readonly T[]; readonly nextCursor: string } | null {
  const after = request.cursor === '' ? null : readCursor(request.cursor);
  if (request.cursor !== '' && after === null) return null;
  const keyed = entries
    .map((entry) => ({ entry, key: request.keyOf(entry) }))
    .filter(({ key }) => after === null || compareKeys(key, after) > 0)
    .sort((one, other) => compareKeys(one.key, other.key));
  let weight = 0;
  const page = keyed.slice(0, request.size).filter(({ entry }, index) => {
    weight += request.weightOf(entry);
    return index === 0 || weight <= request.weightMax;
  });
  const last = page.at(-1);
  return {
    page: page.map(({ entry }) => entry),
    nextCursor: last === undefined || page.length === keyed.length ? '' : `${last.key[0]}.${last.key[1]}`,
  };
}

function readCursor(cursor: string): PageKey | null {
  const [, order, id] = /^(-?\d{1,16})\.([A-Za-z0-9_-]{1,64})$/.exec(cursor) ?? [];
  return order === undefined || id === undefined ? null : [Number(order), id];
}

export function compareKeys(one: PageKey, other: PageKey): number {
  return one[0] - other[0] || (one[1] < other[1] ? -1 : one[1] > other[1] ? 1 : 0);
}
