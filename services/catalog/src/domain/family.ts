import { playedEdition, type TitleRecord } from './title.ts';

/** How titles belong together. Of what is removed or misplaced there is nothing here: a title whose season is gone has no parents. */
export type Family = {
  /** The season of an episode, if it has one … */
  readonly season: TitleRecord | null;
  /** … and the series of a season or episode. */
  readonly series: TitleRecord | null;
  /** Below a series or season, in order of numbers. */
  readonly children: readonly TitleRecord[];
  /** Below a series or season, those that can be watched, in order. */
  readonly playable: readonly TitleRecord[];
};

export type Families = {
  of(title: TitleRecord): Family;
  /** All seasons and episodes below the title, each season before its episodes, in order. */
  below(titleId: string): readonly TitleRecord[];
};

export function families(titles: readonly TitleRecord[]): Families {
  const byId = new Map(titles.map((title) => [title.id, title]));
  const byParent = Map.groupBy(
    titles.filter((title) => isWellPlaced(title, byId)),
    (title) => title.parentId,
  );
  for (const children of byParent.values()) children.sort(inOrder);
  const childrenOf = (id: string): readonly TitleRecord[] => byParent.get(id) ?? NONE;
  const below = (id: string): readonly TitleRecord[] => childrenOf(id).flatMap((child) => [child, ...childrenOf(child.id)]);
  return {
    below,
    of(title) {
      const parent = isWellPlaced(title, byId) ? byId.get(title.parentId) : undefined;
      const season = title.kind === 'episode' ? (parent ?? null) : null;
      const series = title.kind === 'season' ? (parent ?? null) : season === null ? null : (byId.get(season.parentId) ?? null);
      const playable = below(title.id).filter((each) => each.kind === 'episode' && playedEdition(each) !== null);
      return { season, series: series?.kind === 'series' ? series : null, children: childrenOf(title.id), playable };
    },
  };
}

const NONE: readonly TitleRecord[] = [];
const PARENT_OF: Partial<Record<TitleRecord['kind'], TitleRecord['kind']>> = { season: 'series', episode: 'season' };

function isWellPlaced(title: TitleRecord, byId: ReadonlyMap<string, TitleRecord>): boolean {
  const parent = byId.get(title.parentId);
  return parent !== undefined && parent.kind === PARENT_OF[title.kind];
}

/** Two operators at once may give two titles one number; both are shown. */
function inOrder(one: TitleRecord, other: TitleRecord): number {
  return one.number - other.number || (one.id < other.id ? -1 : 1);
}
