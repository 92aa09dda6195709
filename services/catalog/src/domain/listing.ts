import { isOffered, type ListTitlesRequest, type TitleKind } from '../../contract/index.ts';
import type { Families } from './family.ts';
import type { PageKey } from './page.ts';
import { effectiveGenres, effectiveMaturity, effectiveWindows, kindOnTheWire } from './title-view.ts';
import type { TitleRecord } from './title.ts';

export type Listing = { readonly titles: readonly TitleRecord[]; readonly keyOf: (title: TitleRecord) => PageKey };

type Asked = Pick<ListTitlesRequest, 'kinds' | 'genre' | 'belowId' | 'personId' | 'offeredIn' | 'maturityMax'>;

/** The titles that a request asks for, and the order in which they are told: newest first, or below a series by season and episode. */
export function listingOf(
  all: readonly TitleRecord[],
  asked: Asked,
  { families, nowMs }: { readonly families: Families; readonly nowMs: number },
): Listing {
  const titles = asked.belowId === '' ? all : families.below(asked.belowId);
  return {
    titles: titles.filter((title) => isAskedFor(title, asked, { families, nowMs })),
    keyOf: asked.belowId === '' ? (title) => [-title.createdAtMs, title.id] : inSeries(families),
  };
}

/** Above the largest number of an episode. */
const EPISODES_APART = 1_000_000;

function inSeries(families: Families): Listing['keyOf'] {
  return (title) => {
    const season = title.kind === 'season' ? title : families.of(title).season;
    return [(season?.number ?? 0) * EPISODES_APART + (title.kind === 'season' ? 0 : title.number), title.id];
  };
}

function isAskedFor(title: TitleRecord, asked: Asked, { families, nowMs }: { families: Families; nowMs: number }): boolean {
  const family = families.of(title);
  const kinds: readonly TitleKind[] = asked.kinds;
  return (
    (kinds.length === 0 || kinds.includes(kindOnTheWire(title.kind))) &&
    (asked.genre === '' || effectiveGenres(title, family).includes(asked.genre)) &&
    (asked.personId === '' || title.people.some((credit) => credit.personId === asked.personId)) &&
    (asked.offeredIn === '' || isOffered(effectiveWindows(title, family), { country: asked.offeredIn, atMs: nowMs })) &&
    (asked.maturityMax === undefined || effectiveMaturity(title, family) <= asked.maturityMax)
  );
}
