import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { describe, it, type TestContext } from 'node:test';

import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost, RpcError } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { graphRefusal, serveGraph, type SchemaRegistry } from '../src/index.ts';

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key"])
  type Query { me: String shaky(how: String!): Int loaded: Int }
  type Thing @key(fields: "id") { id: ID! name: String! }
`;
const accepting: SchemaRegistry = { publish: async () => ({ accepted: true, reasons: [] }) };

type Asked = { readonly status: number; readonly body: string };

async function start(
  test: TestContext,
  { registry = accepting, onLog = () => undefined }: { registry?: SchemaRegistry; onLog?: (line: string) => void } = {},
): Promise<{ readonly ask: (question: unknown, headers?: Record<string, string>, caller?: string) => Promise<Asked> }> {
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: onLog } });
  const passports = testPassports();
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: randomBytes(32).toString('hex'),
    units: ['things', 'graph', 'home'],
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  test.after(() => host.close());
  picture.pin({ service: 'things', address: host.address });
  let loadersMade = 0;
  const closing = serveGraph(host.as('things'), {
    unit: 'things',
    sdl: SDL,
    resolvers: {
      Query: {
        me: (_root: unknown, _args: unknown, { asker }: { asker: { accountId: string } }) => asker.accountId,
        shaky: (_root: unknown, { how }: { how: string }) => shaky(how),
        loaded: (_root: unknown, _args: unknown, { loaders }: { loaders: { nth: number } }) => loaders.nth,
      },
      Thing: { __resolveReference: ({ id }: { id: string }) => thing(id) },
    },
    askerOf: passports.passports.readerFor('things'),
    loaders: () => ({ nth: (loadersMade += 1) }),
    registry,
    log: telemetry.log,
    version: 'test',
  });
  test.after(() => closing.close());
  return {
    async ask(question, headers = passports.headersFor({ accountId: 'a1' }), caller = 'graph') {
      const answer = await host
        .as(caller)
        .fetch('things', '/graphql', { method: 'POST', headers, body: Buffer.from(JSON.stringify(question)) });
      return { status: answer.status, body: await text(answer.body) };
    },
  };
}

function shaky(how: string): Promise<number> {
  if (how === 'refused') throw graphRefusal('TOO_LATE', 'it is too late', { sinceMs: 5 });
  if (how === 'rpc') throw new RpcError('not_found', 'there is no such thing');
  if (how === 'never') return new Promise(() => undefined);
  throw new Error('the password is 123');
}

function thing(id: string): unknown {
  if (id === 'broken') throw new Error('the password is 123');
  return id === 'none' ? null : Promise.resolve({ id, name: `thing ${id}` });
}

describe('a domain graph service', () => {
  it('knows who asks, and answers nobody who does not say', async (test) => {
    const { ask } = await start(test);
    assert.deepEqual(await ask({ query: '{ me }' }), { status: 200, body: '{"data":{"me":"a1"}}' });
    assert.equal((await ask({ query: '{ me }' }, {})).status, 401);
    assert.equal((await ask({ query: '{ me }' }, undefined, 'home')).status, 403);
  });

  it('says of its refusals what they are, and of its faults nothing', async (test) => {
    const logged: string[] = [];
    const { ask } = await start(test, { onLog: (line) => void logged.push(line) });
    const errorOf = async (how: string): Promise<unknown> =>
      (JSON.parse((await ask({ query: `{ shaky(how: "${how}") }` })).body) as { errors: { message: string; extensions: unknown }[] })
        .errors[0];
    assert.deepEqual(await errorOf('refused'), {
      message: 'it is too late',
      path: ['shaky'],
      extensions: { code: 'TOO_LATE', sinceMs: 5 },
    });
    assert.deepEqual(await errorOf('rpc'), { message: 'there is no such thing', path: ['shaky'], extensions: { code: 'NOT_FOUND' } });
    assert.deepEqual(await errorOf('broken'), {
      message: 'this could not be answered because of a fault on our side',
      path: ['shaky'],
      extensions: { code: 'INTERNAL' },
    });
    assert.equal(logged.filter((line) => line.includes('the password is 123')).length, 1);
  });

  it('answers for entities in order; an unknown one is null, a broken one an error at its place', async (test) => {
    const { ask } = await start(test);
    const representations = ['x', 'none', 'broken', 'y'].map((id) => ({ __typename: 'Thing', id }));
    const query = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Thing { name } } }';
    const { data, errors } = JSON.parse(
      (await ask({ query, variables: { r: [...representations, { __typename: 'Query' }, 7] } })).body,
    ) as {
      data: object;
      errors: { path: unknown; extensions: { code: string } }[];
    };
    assert.deepEqual(data, {
      _entities: [{ __typename: 'Thing', name: 'thing x' }, null, null, { __typename: 'Thing', name: 'thing y' }, null, null],
    });
    assert.deepEqual(
      errors.map(({ path, extensions }) => [path, extensions.code]),
      [
        [['_entities', 2], 'INTERNAL'],
        [['_entities', 4], 'UNKNOWN_ENTITY'],
        [['_entities', 5], 'UNKNOWN_ENTITY'],
      ],
    );
  });

  it('gives each request loaders of its own', async (test) => {
    const { ask } = await start(test);
    assert.equal((await ask({ query: '{ loaded again: loaded }' })).body, '{"data":{"loaded":1,"again":1}}');
    assert.equal((await ask({ query: '{ loaded }' })).body, '{"data":{"loaded":2}}');
  });

  it('gives up when its caller has', async (test) => {
    const { ask } = await start(test);
    const headers = { ...testPassports().headersFor({}), 'connect-timeout-ms': '50' };
    assert.match((await ask({ query: '{ shaky(how: "never") }' }, headers)).body, /DEADLINE_EXCEEDED/);
  });

  it('publishes its schema until it is accepted, and works meanwhile', async (test) => {
    const { promise: published, resolve } = Promise.withResolvers<number>();
    let calls = 0;
    const registry: SchemaRegistry = {
      async publish({ service, sdl }) {
        calls += 1;
        assert.deepEqual([service, sdl], ['things', SDL]);
        if (calls === 1) throw new RpcError('unavailable', 'nobody serves "registry"');
        if (calls === 2) return { accepted: false, reasons: ['Thing.name is unknown'] };
        resolve(calls);
        return { accepted: true, reasons: [] };
      },
    };
    const logged: string[] = [];
    const { ask } = await start(test, { registry, onLog: (line) => void logged.push(line) });
    assert.equal((await ask({ query: '{ me }' })).status, 200);
    assert.equal(await published, 3);
    assert.equal(logged.filter((line) => line.includes('Thing.name is unknown')).length, 1);
  });

  it('does not start with resolvers that its schema does not know', () => {
    for (const resolvers of [{ Nope: {} }, { Query: { nope: () => 1 } }, { Thing: { name: 'text' } }])
      assert.throws(() => serveGraph({ mount: () => undefined }, { ...NEVER_STARTED, resolvers }), TypeError);
    assert.throws(() => serveGraph({ mount: () => undefined }, { ...NEVER_STARTED, sdl: 'type Query { a: Nope }' }), /Nope/);
  });
});

const NEVER_STARTED = {
  unit: 'things',
  sdl: SDL,
  resolvers: {},
  askerOf: () => 'somebody',
  loaders: () => ({}),
  registry: accepting,
  log: createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } }).log,
  version: 'test',
};
