import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { graphRefusal } from '@bioscope/graph';

import { inProcess } from './in-process.ts';

type Reference = Readonly<Record<string, unknown>>;

describe('the shapes of a federated graph', () => {
  it('has fields that require others, with arguments and below them', async () => {
    const graph = inProcess({
      plans: {
        sdl: 'type Query { plans: [Plan!]! } type Plan @key(fields: "id") { id: ID! price(currency: String!): Int! owner: Owner! } type Owner { id: ID! country: String! }',
        resolvers: {
          Query: { plans: () => [{ id: 'a' }, { id: 'b' }] },
          Plan: {
            price: ({ id }: Reference, { currency }: { currency: string }) => (id === 'a' ? 10 : 20) * (currency === 'EUR' ? 1 : 100),
            owner: ({ id }: Reference) => ({ id: `o-${String(id)}`, country: id === 'a' ? 'DE' : 'IN' }),
          },
        },
      },
      offers: {
        sdl: `type Plan @key(fields: "id") { id: ID! price(currency: String!): Int! @external owner: Owner! @external
          offer: String! @requires(fields: "price(currency: \\"EUR\\") owner { country }") } type Owner { country: String! @external }`,
        resolvers: {
          Plan: { offer: ({ price, owner }: { price: number; owner: { country: string } }) => `${price} in ${owner.country}` },
        },
      },
    });
    assert.deepEqual(await graph.ask('{ plans { offer price(currency: "INR") } }'), {
      data: {
        plans: [
          { offer: '10 in DE', price: 1000 },
          { offer: '20 in IN', price: 2000 },
        ],
      },
    });
  });

  it('finds an entity by whichever of its keys the next service has', async () => {
    const graph = inProcess({
      one: {
        sdl: 'type Query { film: Film } type Film @key(fields: "id") { id: ID! one: Int }',
        resolvers: { Query: { film: () => ({ id: 'f', one: 1 }) } },
      },
      two: {
        sdl: 'type Film @key(fields: "id") @key(fields: "isan number { part }") { id: ID! isan: String! number: Number! two: Int } type Number @shareable { part: Int! }',
        resolvers: { Film: { __resolveReference: ({ id }: Reference) => ({ id, isan: `i-${String(id)}`, number: { part: 7 }, two: 2 }) } },
      },
      three: {
        sdl: 'type Film @key(fields: "isan number { part }") { isan: String! number: Number! three: String } type Number @shareable { part: Int! }',
        resolvers: {
          Film: { three: ({ isan, number }: { isan: string; number: { part: number } }) => `${isan}/${number.part}` },
        },
      },
    });
    assert.deepEqual(await graph.ask('{ film { one two three } }'), { data: { film: { one: 1, two: 2, three: 'i-f/7' } } });
    assert.deepEqual(graph.asked, ['one', 'two', 'three']);
  });

  it('takes what a service provides on the way from there, without asking its owner', async () => {
    const graph = inProcess({
      home: {
        sdl: 'type Query { card: Card row: Card @provides(fields: "title { name }") } type Card @shareable { title: Title! } type Title @key(fields: "id") { id: ID! name: String! @external }',
        resolvers: {
          Query: { card: () => ({ title: { id: 't' } }), row: () => ({ title: { id: 't', name: 'from home' } }) },
        },
      },
      catalog: {
        sdl: 'type Title @key(fields: "id") { id: ID! name: String! @shareable }',
        resolvers: { Title: { name: () => 'from the catalog' } },
      },
    });
    assert.deepEqual(await graph.ask('{ row { title { name } } }'), { data: { row: { title: { name: 'from home' } } } });
    assert.deepEqual(graph.asked, ['home']);
    assert.deepEqual(await graph.ask('{ card { title { name } } }'), { data: { card: { title: { name: 'from the catalog' } } } });
  });

  it('lets a service add to an interface without knowing who implements it', async () => {
    const graph = inProcess({
      catalog: {
        sdl: 'type Query { titles: [Title!]! } interface Title @key(fields: "id") { id: ID! } type Film implements Title @key(fields: "id") { id: ID! minutes: Int } type Series implements Title @key(fields: "id") { id: ID! seasons: Int }',
        resolvers: {
          Query: {
            titles: () => [
              { __typename: 'Film', id: 'f', minutes: 90 },
              { __typename: 'Series', id: 's', seasons: 2 },
            ],
          },
        },
      },
      ratings: {
        sdl: 'type Query { best: Title } type Title @key(fields: "id") @interfaceObject { id: ID! stars: Int! }',
        resolvers: { Query: { best: () => ({ id: 's' }) }, Title: { stars: ({ id }: Reference) => (id === 'f' ? 3 : 5) } },
      },
    });
    assert.deepEqual(await graph.ask('{ titles { __typename stars ... on Film { minutes } } }'), {
      data: {
        titles: [
          { __typename: 'Film', stars: 3, minutes: 90 },
          { __typename: 'Series', stars: 5 },
        ],
      },
    });
    assert.deepEqual(await graph.ask('{ best { id stars } }'), { data: { best: { id: 's', stars: 5 } } });
    assert.deepEqual(graph.asked, ['ratings']);
  });

  it('keeps apart what two types mean by one name, in errors too', async () => {
    const things = 'type Query { hold: Hold } union Thing = X | Y type Hold @key(fields: "id") { id: ID! }';
    const graph = inProcess({
      one: {
        sdl: 'type Query { hold: Hold xs: [X] } type Hold @key(fields: "id") { id: ID! } type X { v: Int @shareable }',
        resolvers: { Query: { hold: () => ({ id: 'h' }) } },
      },
      two: {
        sdl: `${things.replace('type Query { hold: Hold } ', '').replace('id: ID! }', 'id: ID! things: [Thing!]! }')} type X { v: Int! @shareable } type Y { v: Int }`,
        resolvers: {
          Hold: {
            things: () => [
              { __typename: 'X', v: 1 },
              { __typename: 'Y', v: 2 },
              { __typename: 'Y', v: null },
            ],
          },
          Y: {
            v: ({ v }: { v: number | null }) => {
              if (v === null) throw graphRefusal('GONE', 'it is gone');
              return v;
            },
          },
        },
      },
    });
    assert.deepEqual(await graph.ask('{ hold { things { ... on X { n: v } ... on Y { n: v } } } }'), {
      data: { hold: { things: [{ n: 1 }, { n: 2 }, { n: null }] } },
      errors: [{ message: 'it is gone', path: ['hold', 'things', 2, 'n'], extensions: { code: 'GONE', service: 'two' } }],
    });
  });

  it('shows one entity at two places with different fields under one name', async () => {
    const graph = inProcess({
      one: {
        sdl: 'type Query { a: Film b: Film } type Film @key(fields: "id") { id: ID! next: Film! }',
        resolvers: { Query: { a: () => ({ id: 'f', next: { id: 'g' } }), b: () => ({ id: 'f', next: { id: 'g' } }) } },
      },
      two: {
        sdl: 'type Film @key(fields: "id") { id: ID! other: Film! name: String! year: String! }',
        resolvers: {
          Film: {
            other: () => ({ id: 'o' }),
            name: ({ id }: Reference) => `name ${String(id)}`,
            year: ({ id }: Reference) => `year ${String(id)}`,
          },
        },
      },
      three: {
        sdl: 'type Film @key(fields: "id") { id: ID! x(of: String!): String! }',
        resolvers: { Film: { x: ({ id }: Reference, { of }: { of: string }) => `${of} ${String(id)}` } },
      },
    });
    assert.deepEqual(await graph.ask('{ a { other { v: x(of: "a") } } b { other { v: x(of: "b") } } }'), {
      data: { a: { other: { v: 'a o' } }, b: { other: { v: 'b o' } } },
    });
  });

  it('makes an entity null without an error where its owner knows none, as far as it may be null', async () => {
    const graph = inProcess({
      home: {
        sdl: 'type Query { card: Title cards: [Title]! best: Title! } type Title @key(fields: "id") { id: ID! inList: Boolean }',
        resolvers: {
          Query: { card: () => ({ id: 'hidden' }), cards: () => [{ id: 'a' }, { id: 'hidden' }], best: () => ({ id: 'hidden' }) },
        },
      },
      catalog: {
        sdl: 'type Title @key(fields: "id") { id: ID! name: String! year: Int }',
        resolvers: { Title: { __resolveReference: ({ id }: Reference) => (id === 'hidden' ? null : { id, name: 'A' }) } },
      },
    });
    assert.deepEqual(await graph.ask('{ card { id name } cards { name } }'), { data: { card: null, cards: [{ name: 'A' }, null] } });
    assert.deepEqual(await graph.ask('{ card { id year } }'), { data: { card: { id: 'hidden', year: null } } });
    assert.deepEqual(await graph.ask('{ best { name } }'), {
      data: null,
      errors: [{ message: 'there is no value for Query.best, which must have one', path: ['best'], extensions: { code: 'VALUE_MISSING' } }],
    });
  });

  it('says so when an owner knows an entity but not what must be known of it', async () => {
    const graph = inProcess({
      home: {
        sdl: 'type Query { card: Title } type Title @key(fields: "id") { id: ID! }',
        resolvers: { Query: { card: () => ({ id: 'a' }) } },
      },
      catalog: {
        sdl: 'type Title @key(fields: "id") { id: ID! name: String! }',
        resolvers: { Title: { __resolveReference: ({ id }: Reference) => ({ id, name: null }) } },
      },
    });
    const { data, errors } = (await graph.ask('{ card { name } }')) as { data: unknown; errors: { path: unknown }[] };
    assert.deepEqual([data, errors.map(({ path }) => path)], [{ card: null }, [['card', 'name']]]);
  });
});
