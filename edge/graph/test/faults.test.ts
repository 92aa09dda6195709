import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';

import { startGraph, until, type RunningGraph } from './running-graph.ts';

const FETCH_MS = 300;
const PAGE = '{ titles(first: 2) { id ... on Film { name stars } ... on Series { name stars } } }';

let running: RunningGraph;
before(async () => {
  running = await startGraph({ environment: { BIOSCOPE_GRAPH_FETCH_MS: String(FETCH_MS) } });
});
afterEach(() => {
  running.answerFor('reviews');
  running.answerFor('accounts');
});
after(() => running[Symbol.asyncDispose]());

/** What is left of the page when nothing comes of reviews. */
const WITHOUT_STARS = {
  titles: [
    { id: 't0', name: 'Film 0', stars: null },
    { id: 't1', name: 'Film 1', stars: null },
  ],
};

describe('a part of the graph that fails', () => {
  it('leaves the others’ fields, and says whose are missing, when a service hangs', async () => {
    running.answerFor('reviews', () => undefined);
    const { status, body } = await running.ask({ query: PAGE });
    assert.equal(status, 200);
    assert.deepEqual(body.data, WITHOUT_STARS);
    assert.deepEqual(
      body.errors?.map(({ path, extensions }) => [path, extensions]),
      [[['titles'], { code: 'SERVICE_TOO_SLOW', service: 'reviews' }]],
    );
  });

  it('does the same for every kind of garbage', async () => {
    const garbage: readonly [number, string][] = [
      [200, 'this is not JSON'],
      [200, '[]'],
      [200, '{}'],
      [200, '{"data":7}'],
      [200, '{"data":{"_entities":[]}}'],
      [200, '{"data":{"_entities":{"0":{"stars":1}}}}'],
      [200, '{"data":null,"errors":"many"}'],
      [500, '{"data":{"_entities":[{"stars":1},{"stars":2}]}}'],
      [200, ''],
    ];
    for (const [status, text] of garbage) {
      running.answerFor('reviews', (_request, response) => void response.writeHead(status).end(text));
      const { body } = await running.ask({ query: PAGE });
      assert.deepEqual(body.data, WITHOUT_STARS, text);
      assert.deepEqual(
        body.errors?.map(({ extensions }) => extensions),
        [{ code: 'SERVICE_ANSWERED_WRONGLY', service: 'reviews' }],
        text,
      );
    }
  });

  it('shows no value that the schema does not allow', async () => {
    running.answerFor(
      'reviews',
      (_request, response) => void response.end('{"data":{"_entities":[{"stars":"five"},{"stars":{"__proto__":{"x":1}}}]}}'),
    );
    const { body } = await running.ask({ query: PAGE });
    assert.deepEqual(body.data, WITHOUT_STARS);
    assert.deepEqual(
      body.errors?.map(({ path, extensions }) => [path?.join('.'), extensions.code]),
      [
        ['titles.0.stars', 'VALUE_WRONG'],
        ['titles.1.stars', 'VALUE_WRONG'],
      ],
    );
  });

  it('becomes null as a whole where a value must not be missing', async () => {
    running.answerFor('accounts', (_request, response) => void response.writeHead(500).end());
    const { body } = await running.ask({ query: '{ me { id } title(id: "t0") { id } latest(first: 1) { by { name } } }' });
    assert.deepEqual(body, {
      data: null,
      errors: [
        {
          message: 'accounts answered with status 500 and no JSON object',
          path: ['me'],
          extensions: { code: 'SERVICE_ANSWERED_WRONGLY', service: 'accounts' },
        },
        {
          message: 'accounts answered with status 500 and no JSON object',
          path: ['latest'],
          extensions: { code: 'SERVICE_ANSWERED_WRONGLY', service: 'accounts' },
        },
      ],
    });
  });

  it('is asked once more when a read broke off, and not again when a change did', async () => {
    running.answerFor('accounts', (request) => void request.once('end', () => void request.socket.destroy()));
    const calls = async (query: string): Promise<number> => {
      running.asked.length = 0;
      const { body } = await running.ask({ query });
      assert.equal(body.errors?.[0]?.extensions.code, 'SERVICE_UNAVAILABLE');
      return running.asked.length;
    };
    assert.equal(await calls('{ me { id } }'), 2);
    assert.equal(await calls('mutation { rename(id: "u1", name: "x") { id } }'), 1);
  });

  it('says of a fault nothing but that it happened, and of a refusal what the service says', async () => {
    const { body } = await running.ask({ query: '{ fail user(id: "u1") { id secret } }' });
    assert.deepEqual(body, {
      data: { fail: null, user: { id: 'u1', secret: null } },
      errors: [
        {
          message: 'this could not be answered because of a fault on our side',
          path: ['fail'],
          extensions: { code: 'INTERNAL', service: 'accounts' },
        },
        { message: 'this is a secret', path: ['user', 'secret'], extensions: { code: 'SECRET', service: 'accounts' } },
      ],
    });
  });

  it('comes back without anybody restarting anything', async () => {
    running.answerFor('reviews', (request) => void request.socket.destroy());
    for (let n = 0; n < 6; n += 1) await running.ask({ query: PAGE });
    running.answerFor('reviews');
    await until('the stars are back', async () => (await running.ask({ query: PAGE })).body.errors === undefined);
  });
});

describe('the registry that fails', () => {
  it('is not missed, not even by a gateway that starts without it', async () => {
    await using alone = await startGraph();
    await alone.stopRegistry();
    assert.equal((await alone.ask({ query: PAGE })).body.errors, undefined);
    await alone.restartGraph();
    const { body } = await alone.ask({ query: PAGE });
    assert.deepEqual(Object.keys(body), ['data']);
  });
});
