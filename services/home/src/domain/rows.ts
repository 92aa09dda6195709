/** Kinds of rows, in the order in which they come. */
export const ROW_KINDS = ['continue', 'list', 'new', 'popular', 'because', 'genre'] as const;
export type RowKind = (typeof ROW_KINDS)[number];

export type Row = {
  readonly id: string;
  readonly kind: RowKind;
  /** Of "because you watched"; else empty. */
  readonly aboutTitleId: string;
  /** Of a genre; else empty. */
  readonly genre: string;
  readonly titleIds: readonly string[];
};

/** Nobody scrolls further. */
const ROWS_MAX = 40;
/** Their meaning is in being whole: leaving a title out because it was shown above would be a lie. */
const WHOLE: ReadonlySet<RowKind> = new Set(['continue', 'list', 'popular']);
/** In a small catalogue a genre may repeat what stands above if it gathers at least so much; what is new or like something else is worth telling of one title too. */
const REPEATING_GENRE_MIN = 3;

/**
 * Makes a page of row proposals in their order: no row is empty, none holds a title twice, and no title is repeated without need. Where titles are scarce a
 * row may show again what stands above, but no two rows show the same.
 */
export function arrangeRows(
  proposed: readonly Row[],
  { titlesMax, isScarce }: { readonly titlesMax: number; readonly isScarce: boolean },
): readonly Row[] {
  const shown = new Set<string>();
  const looks = new Set<string>();
  const rows: Row[] = [];
  for (const row of proposed) {
    if (rows.length >= ROWS_MAX) break;
    const mayRepeat = isScarce || WHOLE.has(row.kind);
    const titleIds = firstOf(row.titleIds, titlesMax, (id) => mayRepeat || !shown.has(id));
    const look = titleIds.toSorted().join(' ');
    const isRepeating = titleIds.every((id) => shown.has(id));
    if (titleIds.length === 0) continue;
    if (!WHOLE.has(row.kind) && isRepeating && (looks.has(look) || (row.kind === 'genre' && titleIds.length < REPEATING_GENRE_MIN)))
      continue;
    for (const id of titleIds) shown.add(id);
    looks.add(look);
    rows.push({ ...row, titleIds });
  }
  return rows;
}

/** The first that fit, each once. */
function firstOf(ids: readonly string[], max: number, fits: (id: string) => boolean): string[] {
  const first = new Set<string>();
  for (const id of ids) {
    if (first.size >= max) break;
    if (fits(id)) first.add(id);
  }
  return [...first];
}
