import type { FilmRecord } from './film.ts';
import type { Resolvers } from './graph.types.ts';

export const FILMS: readonly FilmRecord[] = [
  { id: 'f1', title: 'One', minutes: 12 },
  { id: 'f2', title: 'Two', minutes: 120 },
  { id: 'f3', title: 'Three', minutes: 95 },
];

export const resolvers: Resolvers = {
  Query: {
    films: (_root, { first }) => FILMS.slice(0, first ?? undefined),
    whoAsks: (_root, _args, { asker }) => asker.accountId,
  },
  Film: {
    __resolveReference: ({ id }, { loaders }) => loaders.film(id),
    name: ({ title }) => title,
    length: ({ minutes }) => (minutes < 40 ? 'SHORT' : 'LONG'),
  },
};
