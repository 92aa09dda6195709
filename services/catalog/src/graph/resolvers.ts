import { TitleKind, TitleState, type Credit, type Title } from '../../contract/index.ts';
import type { GraphContext, ResolverMap } from '@bioscope/graph';
import type { Passport } from '@bioscope/passport';

import { listingOf } from '../domain/listing.ts';
import { compareKeys } from '../domain/page.ts';
import type { CatalogParts } from '../handlers/context.ts';
import type { VisibleTitles } from './visible-titles.ts';

export type CatalogLoaders = { readonly titles: VisibleTitles };
type Context = GraphContext<Passport, CatalogLoaders>;
type PersonNode = { readonly id: string; readonly name: string };

const KINDS: Readonly<Record<TitleKind, string | null>> = {
  [TitleKind.UNSPECIFIED]: null,
  [TitleKind.MOVIE]: 'MOVIE',
  [TitleKind.SERIES]: 'SERIES',
  [TitleKind.SEASON]: 'SEASON',
  [TitleKind.EPISODE]: 'EPISODE',
};
const STATES: Readonly<Record<TitleState, string | null>> = {
  [TitleState.UNSPECIFIED]: null,
  [TitleState.PREPARING]: 'PREPARING',
  [TitleState.PLAYABLE]: 'PLAYABLE',
  [TitleState.FAILED]: 'FAILED',
};
/** A person's page; longer careers are for search. */
const TITLES_OF_PERSON_MAX = 200;

/** The catalogue's part of the graph (`schema.graphql`). */
export function catalogResolvers(parts: Pick<CatalogParts, 'titles' | 'people' | 'families' | 'nowMs'>): ResolverMap {
  const idsOf = (filter: Partial<Parameters<typeof listingOf>[1]>): string[] => {
    const everything = { kinds: [], genre: '', belowId: '', personId: '', offeredIn: '' };
    const around = { families: parts.families(), nowMs: parts.nowMs() };
    const { titles, keyOf } = listingOf(parts.titles.shelf.all(), { ...everything, ...filter }, around);
    const keyed = titles.map((title) => ({ id: title.id, key: keyOf(title) }));
    return keyed.sort((one, other) => compareKeys(one.key, other.key)).map(({ id }) => id);
  };
  const person = (id: string): PersonNode | null => {
    const record = parts.people.shelf.get(id);
    return record === null ? null : { id, name: record.name };
  };
  const visible = async (ids: readonly string[], { loaders }: Context): Promise<Title[]> =>
    (await loaders.titles.loadMany(ids)).flatMap((title) => {
      // One that could not be decided about: then none is shown, and why is said.
      if (title instanceof Error) throw title;
      return title === null ? [] : [title];
    });
  const maybe = (id: string, { loaders }: Context): Promise<Title | null> | null => (id === '' ? null : loaders.titles.load(id));

  return {
    Query: {
      title: (_root: unknown, { id }: { id: string }, context: Context) => context.loaders.titles.load(id),
      person: (_root: unknown, { id }: { id: string }) => person(id),
    },
    Title: {
      __resolveReference: ({ id }: { id: string }, context: Context) => context.loaders.titles.load(id),
      kind: ({ kind }: Title) => KINDS[kind],
      state: ({ state }: Title) => STATES[state],
      year: ({ year }: Title) => year || null,
      originalLanguage: (title: Title) => title.originalLanguage || null,
      heightMax: ({ rungHeights }: Title) => rungHeights.at(-1) ?? null,
      posterPath: (title: Title) => title.posterPath || null,
      backdropPath: (title: Title) => title.backdropPath || null,
      credit: (title: Title) => title.credit || null,
      licence: (title: Title) => title.licence || null,
      sourceUrl: (title: Title) => title.sourceUrl || null,
      number: (title: Title) => title.number || null,
      seasonNumber: (title: Title) => title.seasonNumber || null,
      series: ({ seriesId }: Title, _arguments: object, context: Context) => maybe(seriesId, context),
      seasons: ({ id, kind }: Title, _arguments: object, context: Context) =>
        kind === TitleKind.SERIES ? visible(idsOf({ belowId: id, kinds: [TitleKind.SEASON] }), context) : [],
      episodes: ({ id, kind }: Title, _arguments: object, context: Context) =>
        kind === TitleKind.SERIES || kind === TitleKind.SEASON ? visible(idsOf({ belowId: id, kinds: [TitleKind.EPISODE] }), context) : [],
      nextEpisode: (title: Title, _arguments: object, context: Context) => nextEpisode(title, idsOf, context),
    },
    Credit: {
      person: ({ personId, name }: Credit): PersonNode => ({ id: personId, name }),
      role: ({ role }: Credit) => role || null,
    },
    Person: {
      __resolveReference: ({ id }: { id: string }) => person(id),
      titles: ({ id }: PersonNode, _arguments: object, context: Context) =>
        visible(idsOf({ personId: id }).slice(0, TITLES_OF_PERSON_MAX), context),
    },
  };
}

/** How far is looked for one that can be played and seen. */
const EPISODES_AHEAD_MAX = 20;

async function nextEpisode(
  title: Title,
  idsOf: (filter: { belowId: string; kinds: TitleKind[] }) => string[],
  { loaders }: Context,
): Promise<Title | null> {
  if (title.kind !== TitleKind.EPISODE || title.seriesId === '') return null;
  const all = idsOf({ belowId: title.seriesId, kinds: [TitleKind.EPISODE] });
  const after = all.slice(all.indexOf(title.id) + 1).slice(0, EPISODES_AHEAD_MAX);
  const loaded = await loaders.titles.loadMany(after);
  return loaded.find((each): each is Title => !(each instanceof Error) && each !== null && each.editionId !== '') ?? null;
}
