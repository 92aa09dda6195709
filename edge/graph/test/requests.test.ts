import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { text } from 'node:stream/consumers';

import { OPERATOR, startGraph, type RunningGraph } from './running-graph.ts';

const LISTED = 'query Me($upper: Boolean) { me { name(upper: $upper) } }';
const LISTED_CHANGE = 'mutation { add(step: 0) }';
const hash = (document: string): string => createHash('sha256').update(document).digest('hex');
const ANYBODY = { accountId: '' };

let running: RunningGraph;
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bioscope-operations-'));
  const file = join(folder, 'operations.json');
  await writeFile(file, JSON.stringify(Object.fromEntries([LISTED, LISTED_CHANGE].map((document) => [hash(document), document]))));
  running = await startGraph({ environment: { BIOSCOPE_GRAPH_OPERATIONS: file } });
});
after(async () => {
  await running[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function codesOf(query: string, variables: object = {}): Promise<readonly string[]> {
  const { body } = await running.ask({ query, variables });
  return (body.errors ?? []).map(({ extensions }) => extensions.code);
}

describe('persisted operations', () => {
  it('are run for anybody, by hash or by text', async () => {
    const expected = { data: { me: { name: 'USER 1 “QUOTED”' } } };
    const variables = { upper: true };
    const named = { persistedQuery: { version: 1, sha256Hash: hash(LISTED) } };
    for (const question of [
      { documentId: hash(LISTED) },
      { documentId: `sha256:${hash(LISTED)}` },
      { extensions: named },
      { query: LISTED },
    ])
      assert.deepEqual((await running.ask({ ...question, variables }, ANYBODY)).body, expected);
  });

  it('are the only ones that are run, except for operators', async () => {
    const query = '{ me { id } }';
    const refused = await running.ask({ query }, ANYBODY);
    assert.deepEqual([refused.status, refused.body.errors?.[0]?.extensions.code], [400, 'OPERATION_NOT_LISTED']);
    assert.equal((await running.ask({ documentId: hash(query) }, ANYBODY)).body.errors?.[0]?.extensions.code, 'OPERATION_NOT_LISTED');
    assert.deepEqual((await running.ask({ query }, OPERATOR)).body, { data: { me: { id: 'u1' } } });
  });

  it('are the only ones also for an operator whom access refuses, or cannot be asked about', async () => {
    const query = '{ me { id } }';
    try {
      running.rights.answer = 'operators_only';
      assert.deepEqual((await running.ask({ query })).body.errors?.[0]?.extensions.code, 'OPERATION_NOT_LISTED');
      running.rights.answer = 'down';
      assert.equal((await running.ask({ query })).status, 503);
      const asked = running.rights.asked.length;
      assert.equal((await running.ask({ query: LISTED, variables: { upper: true } })).status, 200, 'what is listed asks nobody');
      assert.equal((await running.ask({ query }, ANYBODY)).status, 400);
      assert.equal(running.rights.asked.length, asked, 'and so does who is no operator');
    } finally {
      running.rights.answer = 'granted';
    }
    assert.equal(running.rights.asked.at(-1), 'graph');
  });

  it('are read by GET, which changes nothing', async () => {
    const variables = encodeURIComponent('{"upper":false}');
    const read = await running.fetch(`/graphql?documentId=${hash(LISTED)}&variables=${variables}`);
    assert.deepEqual([read.status, await text(read.body)], [200, '{"data":{"me":{"name":"User 1 “quoted”"}}}']);
    const change = await running.fetch(`/graphql?documentId=${hash(LISTED_CHANGE)}`);
    assert.deepEqual([change.status, change.headers['allow']], [405, 'GET, POST']);
    await text(change.body);
  });
});

describe('a request to the graph', () => {
  it('needs a passport', async () => {
    const answer = await running.fetch('/graphql', { headers: { 'bioscope-passport': 'forged' } });
    assert.equal(answer.status, 401);
    await text(answer.body);
  });

  it('cannot be sent by a form of another page', async () => {
    const answer = await running.fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: Buffer.from('{"query":"{me{id}}"}'),
    });
    assert.equal(answer.status, 415);
    await text(answer.body);
  });

  it('is refused with words when it is not understood', async () => {
    for (const question of [
      {},
      { query: 7 },
      { query: '{ me { id } }', variables: [] },
      { documentId: 'short' },
      { query: '{', operationName: 1 },
    ])
      assert.deepEqual(
        [(await running.ask(question)).status, (await running.ask(question)).body.errors?.[0]?.extensions.code],
        [400, 'BAD_REQUEST'],
      );
    assert.deepEqual(await codesOf('{ me {'), ['GRAPHQL_PARSE_FAILED']);
    assert.deepEqual(await codesOf('{ me { nope } }'), ['GRAPHQL_VALIDATION_FAILED']);
    assert.deepEqual(await codesOf('query A { me { id } } query B { me { id } }'), ['OPERATION_UNKNOWN']);
    assert.deepEqual(await codesOf('query ($id: ID!) { title(id: $id) { id } }'), ['VARIABLES_WRONG']);
  });

  it('is refused when it is larger than apps ask', async () => {
    const deep = (n: number): string => (n === 0 ? 'id' : `friends { ${deep(n - 1)} }`);
    assert.deepEqual(await codesOf(`{ me { ${deep(30)} } }`), ['OPERATION_TOO_LARGE']);
    assert.deepEqual(await codesOf(`{ me { ${Array.from({ length: 101 }, (_, n) => `a${n}: id`).join(' ')} } }`), ['OPERATION_TOO_LARGE']);
    const doubling = Array.from({ length: 20 }, (_, n) => `fragment F${n} on User { id ...F${n + 1} ...F${n + 1} }`).join(' ');
    assert.deepEqual(await codesOf(`{ me { ...F0 } } ${doubling} fragment F20 on User { id }`), ['OPERATION_TOO_LARGE']);
    assert.deepEqual(await codesOf('{ me { ...F } } fragment F on User { ...F }'), ['OPERATION_TOO_LARGE']);
    assert.deepEqual(await codesOf('{ me { __proto__: id } }'), ['ALIAS_RESERVED']);
  });

  it('tells operators what the graph is like, and nobody else', async () => {
    const query = '{ __type(name: "Film") { fields { name } } }';
    const { body } = await running.ask({ query });
    const names = (body.data as { __type: { fields: { name: string }[] } }).__type.fields.map(({ name }) => name);
    assert.deepEqual(names.sort(), ['director', 'id', 'minutes', 'name', 'reviews', 'stars', 'year']);
    assert.equal((await running.ask({ query }, ANYBODY)).status, 400);
  });
});

describe('what is asked of the services', () => {
  it('is each entity once', async () => {
    running.asked.length = 0;
    const { body } = await running.ask({ query: '{ latest(first: 30) { by { name } } }' });
    assert.equal((body.data as { latest: unknown[] }).latest.length, 30);
    assert.deepEqual(
      running.asked.map(({ service, variables }) => [service, variables.representations?.length]),
      [
        ['reviews', undefined],
        ['accounts', 8],
      ],
    );
  });

  it('is nothing for what conditions leave out', async () => {
    running.asked.length = 0;
    const query = 'query ($stars: Boolean!) { title(id: "t0") { id ... on Film @include(if: $stars) { stars } } }';
    assert.deepEqual((await running.ask({ query, variables: { stars: false } })).body, { data: { title: { id: 't0' } } });
    assert.deepEqual(
      running.asked.map(({ service }) => service),
      ['titles'],
    );
    assert.deepEqual((await running.ask({ query, variables: { stars: true } })).body, { data: { title: { id: 't0', stars: 0 } } });
  });

  it('is changed in the order of the operation', async () => {
    const { body } = await running.ask({ query: 'mutation { a: add(step: 1) b: addTwice(step: 5) c: add(step: 2) d: addTwice(step: 1) }' });
    assert.deepEqual(body, { data: { a: 1, b: 11, c: 13, d: 15 } });
  });
});
