import { graphRefusal, type ResolverMap } from '@bioscope/graph';

/** Three small domain services that share users and titles, and the data behind them. */
export const LITTLE_SERVICES = ['accounts', 'titles', 'reviews'] as const;
export type LittleService = (typeof LITTLE_SERVICES)[number];

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@external", "@requires"])\n';

export const SDL: Readonly<Record<LittleService, string>> = {
  accounts: `${LINK}
    type Query { me: User users: [User!]! user(id: ID!): User fail: Int }
    type Mutation { rename(id: ID!, name: String!): User add(step: Int!): Int! }
    enum Role { MEMBER OPERATOR }
    type User @key(fields: "id") {
      id: ID!
      name(upper: Boolean = false): String!
      role: Role
      country: String!
      "Users with an odd number keep it to themselves."
      secret: String
      friends(first: Int): [User!]!
    }`,
  titles: `${LINK}
    type Query { titles(first: Int, kids: Boolean): [Title!]! title(id: ID!): Title search(word: String!): [Hit!]! }
    type Mutation { like(id: ID!): Title addTwice(step: Int!): Int! }
    union Hit = Film | Series | Person
    interface Title { id: ID! name: String! year: Int }
    type Film implements Title @key(fields: "id") { id: ID! name: String! year: Int minutes: Int director: Person }
    type Series implements Title @key(fields: "id") { id: ID! name: String! year: Int seasons: [[Int!]!]! creators: [Person!] }
    type Person @key(fields: "id") { id: ID! name: String! }`,
  reviews: `${LINK}
    type Query { latest(first: Int): [Review!]! }
    interface Title { id: ID! stars: Float }
    type Film implements Title @key(fields: "id") { id: ID! stars: Float reviews(first: Int): [Review!]! }
    type Series implements Title @key(fields: "id") { id: ID! stars: Float reviews(first: Int): [Review!]! }
    type Person @key(fields: "id") { id: ID! awards: Int }
    type Review @key(fields: "id") {
      id: ID!
      stars: Int!
      text(upper: Boolean): String
      "Fails for every seventh review."
      note: String!
      by: User!
      of: Title!
    }
    type User @key(fields: "id") { id: ID! country: String! @external badge: String @requires(fields: "country") reviews(first: Int): [Review!]! }`,
};

type Record_ = { readonly id: string; readonly __typename: string } & Readonly<Record<string, unknown>>;

const COUNTRIES = ['DE', 'IN', 'EG', 'US'];
const users = Array.from({ length: 8 }, (_, n) => ({
  __typename: 'User',
  id: `u${n}`,
  names: `User ${n} “quoted”`,
  role: n % 3 === 0 ? 'OPERATOR' : n % 3 === 1 ? 'MEMBER' : null,
  country: COUNTRIES[n % 4] ?? '',
}));
const people = Array.from({ length: 5 }, (_, n) => ({ __typename: 'Person', id: `p${n}`, name: `Person ${n}` }));
const titles: Record_[] = Array.from({ length: 12 }, (_, n) =>
  n % 3 === 2
    ? {
        __typename: 'Series',
        id: `t${n}`,
        name: `Series ${n}`,
        year: n === 5 ? null : 2000 + n,
        seasons: [[n, n + 1], [n]],
        cast: n === 8 ? null : [n % 5, (n + 1) % 5],
      }
    : { __typename: 'Film', id: `t${n}`, name: `Film ${n}`, year: 1980 + n, minutes: n === 3 ? null : 80 + n, by: n === 4 ? null : n % 5 },
);
const reviews = Array.from({ length: 30 }, (_, n) => ({
  __typename: 'Review',
  id: `r${n}`,
  stars: (n * 7) % 6,
  userId: `u${(n * 5) % 8}`,
  titleId: `t${(n * 11) % 12}`,
  n,
}));

const byId = new Map<string, object>([...users, ...people, ...titles, ...reviews].map((record) => [record.id, record]));

/** How one service names what another owns: by key alone (`stub`), or, in one schema for all, as the record itself. */
type Other = (typename: string, id: string) => unknown;
export const asStub: Other = (typename, id) => ({ __typename: typename, id });
export const asRecord: Other = (_typename, id) => byId.get(id) ?? null;

type Of<T> = (parent: T, args: { readonly first?: number; readonly upper?: boolean; readonly id?: string }) => unknown;
type WithId = { readonly id: string };
const known = (reference: WithId): unknown => byId.get(reference.id) ?? null;
const some = <T>(all: readonly T[], first: number | null | undefined): readonly T[] => all.slice(0, first ?? 4);

/** `counter` is what mutations change, so that their order can be seen. */
export function littleResolvers(other: Other, counter: { value: number }): Readonly<Record<LittleService, ResolverMap>> {
  const nthOf = ({ id }: WithId): number => Number(id.slice(1));
  const reviewsOf: Of<WithId> = ({ id }, { first }) =>
    some(
      reviews.filter((review) => review.userId === id || review.titleId === id),
      first,
    );
  const starsOf = ({ id }: WithId): number | null => (id === 't6' ? null : nthOf({ id }) / 2);
  return {
    accounts: {
      Query: {
        me: () => users[1],
        users: () => users,
        user: (_root: unknown, { id }: WithId) => users.find((user) => user.id === id) ?? null,
        fail: () => {
          throw new Error('the database password is 123');
        },
      },
      Mutation: {
        rename: (_root: unknown, { id, name }: WithId & { name: string }) => {
          const user = users.find((each) => each.id === id);
          return user === undefined ? null : { ...user, names: name };
        },
        add: (_root: unknown, { step }: { step: number }) => (counter.value += step),
      },
      User: {
        __resolveReference: known,
        name: ({ names }: { names: string }, { upper }: { upper: boolean | null }) => (upper === true ? names.toUpperCase() : names),
        secret: (user: WithId) => {
          if (nthOf(user) % 2 === 1) throw graphRefusal('SECRET', 'this is a secret');
          return 'none';
        },
        friends: ((user, { first }) =>
          some(
            users.filter((_, n) => (n + nthOf(user)) % 3 === 1),
            first,
          )) satisfies Of<WithId>,
      },
    },
    titles: {
      Query: {
        titles: (_root: unknown, { first, kids }: { first?: number; kids?: boolean }) =>
          some(
            titles.filter((_, n) => kids !== true || n % 2 === 0),
            first,
          ),
        title: (_root: unknown, { id }: WithId) => titles.find((title) => title.id === id) ?? null,
        search: (_root: unknown, { word }: { word: string }) => [...titles, ...people].filter((each) => String(each.name).includes(word)),
      },
      Mutation: {
        like: (_root: unknown, { id }: WithId) => byId.get(id) ?? null,
        addTwice: (_root: unknown, { step }: { step: number }) => (counter.value += 2 * step),
      },
      Film: { __resolveReference: known, director: ({ by }: { by: number | null }) => (by === null ? null : people[by]) },
      Series: { __resolveReference: known, creators: ({ cast }: { cast: number[] | null }) => cast?.map((n) => people[n]) ?? null },
      Person: { __resolveReference: known },
    },
    reviews: {
      Query: { latest: (_root: unknown, { first }: { first?: number }) => some(reviews, first) },
      Film: { stars: starsOf, reviews: reviewsOf },
      Series: { stars: starsOf, reviews: reviewsOf },
      Person: { awards: nthOf },
      Review: {
        __resolveReference: known,
        text: ({ n }: { n: number }, { upper }: { upper?: boolean }) => (n % 4 === 0 ? null : upper === true ? `TEXT ${n}` : `text ${n}`),
        note: ({ n }: { n: number }) => {
          if (n % 7 === 6) throw graphRefusal('NO_NOTE', 'there is no note');
          return `note ${n}`;
        },
        by: ({ userId }: { userId: string }) => other('User', userId),
        of: ({ titleId }: { titleId: string }) =>
          other(byId.get(titleId) !== undefined && Number(titleId.slice(1)) % 3 === 2 ? 'Series' : 'Film', titleId),
      },
      User: {
        badge: ({ id, country }: { id: string; country: string }) => (country === 'US' ? null : `${country}-${id}`),
        reviews: reviewsOf,
      },
    },
  };
}
