import DataLoader from 'dataloader';
import type { GraphContext, OwnMethods, ResolverMap } from '@bioscope/graph';
import type { Passport } from '@bioscope/passport';
import type { RequestContext } from '@bioscope/rpc';

import { RowKindSchema, Thumb, ThumbSchema, type Card, type FoundPerson, type HomeService, type Row } from '../contract/index.ts';

type Own = OwnMethods<typeof HomeService>;
export type HomeLoaders = { readonly cards: DataLoader<string, Card | null> };
type Context = GraphContext<Passport, HomeLoaders>;
type RowNode = { readonly row: Row; readonly cards: readonly Card[] };

/** What one call may ask for. */
const CARDS_MAX = 200;
const THUMBS: Readonly<Record<string, Thumb>> = { NONE: Thumb.NONE, UP: Thumb.UP, DOWN: Thumb.DOWN };

/** Cards of titles that are asked for one by one, loaded together. None without a profile. */
export function homeLoaders(own: Own, { profileId }: Pick<Passport, 'profileId'>, call: RequestContext): HomeLoaders {
  return {
    cards: new DataLoader<string, Card | null>(
      async (titleIds) => {
        if (profileId === '') return titleIds.map(() => null);
        const { cards } = await own.getCards({ titleIds: [...titleIds] }, call);
        const byId = new Map(cards.map((card) => [card.titleId, card]));
        return titleIds.map((id) => byId.get(id) ?? null);
      },
      { maxBatchSize: CARDS_MAX },
    ),
  };
}

/** Home's part of the graph (`schema.graphql`): what the profile has to do with titles; what they are is the catalogue's. */
export function homeResolvers(own: Own): ResolverMap {
  const changed =
    <A extends { titleId: string }>(run: (given: A, call: RequestContext) => Promise<unknown>) =>
    async (_root: unknown, given: A, { call, loaders }: Context): Promise<Card | null> => {
      await run(given, call);
      return loaders.cards.clear(given.titleId).load(given.titleId);
    };
  return {
    Query: {
      async home(_root: unknown, { titlesPerRow }: { titlesPerRow?: number | null }, { asker, call }: Context) {
        if (asker.profileId === '') return null;
        const { billboardTitleId, rows, cards } = await own.getHome({ titlesPerRow: titlesPerRow ?? 0 }, call);
        const byId = new Map(cards.map((card) => [card.titleId, card]));
        return {
          billboard: byId.get(billboardTitleId) ?? null,
          rows: rows.map((row): RowNode => ({ row, cards: row.titleIds.flatMap((id) => byId.get(id) ?? []) })),
        };
      },
      myList: async (_root: unknown, _arguments: object, { asker, call }: Context) =>
        asker.profileId === '' ? [] : (await own.getList({}, call)).cards,
      search: async (_root: unknown, { text }: { text: string }, { asker, call }: Context) =>
        asker.profileId === '' ? { cards: [], people: [] } : await own.search({ text }, call),
    },
    Mutation: {
      addToMyList: changed<{ titleId: string }>((given, call) => own.addToList(given, call)),
      removeFromMyList: changed<{ titleId: string }>((given, call) => own.removeFromList(given, call)),
      moveInMyList: changed<{ titleId: string; beforeTitleId?: string | null }>(({ titleId, beforeTitleId }, call) =>
        own.moveInList({ titleId, beforeTitleId: beforeTitleId ?? '' }, call),
      ),
      rate: changed<{ titleId: string; thumb: string }>(({ titleId, thumb }, call) =>
        own.setThumb({ titleId, thumb: THUMBS[thumb] ?? Thumb.NONE }, call),
      ),
    },
    Row: {
      id: ({ row }: RowNode) => row.id,
      kind: ({ row }: RowNode) => RowKindSchema.value[row.kind]?.localName,
      about: ({ row }: RowNode) => (row.aboutTitleId === '' ? null : { id: row.aboutTitleId }),
      genre: ({ row }: RowNode) => row.genre || null,
    },
    Card: {
      title: ({ titleId }: Card) => ({ id: titleId }),
      playId: ({ playId }: Card) => playId || null,
      seasonNumber: ({ seasonNumber }: Card) => seasonNumber || null,
      episodeNumber: ({ episodeNumber }: Card) => episodeNumber || null,
      episodeName: ({ episodeName }: Card) => episodeName || null,
      isInMyList: ({ inList }: Card) => inList,
      thumb: ({ thumb }: Card) => ThumbSchema.value[thumb]?.localName ?? 'NONE',
    },
    FoundPerson: {
      person: ({ personId }: FoundPerson) => ({ id: personId }),
      titles: ({ titleIds }: FoundPerson) => titleIds.map((id) => ({ id })),
    },
    Title: {
      card: ({ id }: { id: string }, _arguments: object, { loaders }: Context) => loaders.cards.load(id),
    },
  };
}
