import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOBODY } from '../api/bearer.ts';
import { CallError } from '../api/call-error.ts';
import { createAsk } from './ask.ts';
import { operation } from './operation.ts';

const NAME = operation<{ account: { name: string } | null }, { id: string }>('d'.repeat(64));

function graph(answer: unknown, status = 200) {
  const sent: RequestInit[] = [];
  const ask = createAsk({
    url: 'http://api.localhost/graphql',
    language: () => 'de',
    fetch: async (_url, init) => {
      sent.push(init);
      return Response.json(answer, { status });
    },
    sleep: async () => undefined,
    random: () => 1,
    bearer: { ...NOBODY, token: () => 't1' },
  });
  return { ask, sent };
}

describe('a question to the graph', () => {
  it('names its document and who asks in which language', async () => {
    const { ask, sent } = graph({ data: { account: { name: 'Ada' } } });
    assert.deepEqual(await ask(NAME, { id: 'a1' }), { account: { name: 'Ada' } });
    const [init] = sent;
    assert.ok(init !== undefined && typeof init.body === 'string');
    assert.deepEqual(JSON.parse(init.body), { documentId: 'd'.repeat(64), variables: { id: 'a1' } });
    assert.partialDeepStrictEqual(init.headers, { authorization: 'Bearer t1', 'accept-language': 'de' });
  });

  it('fails when a part of the answer is missing, unless a part is enough', async () => {
    const isBusy = (error: unknown): boolean => error instanceof CallError && error.failure === 'busy';
    const errors = [{ message: 'identity cannot answer', extensions: { code: 'SERVICE_UNAVAILABLE' } }];
    const half = { account: { name: null } };
    await assert.rejects(graph({ data: half, errors }).ask(NAME, { id: 'a1' }), isBusy);
    assert.deepEqual(await graph({ data: half, errors }).ask(NAME, { id: 'a1' }, { partly: true }), half);
    // Nothing is no part: a title that cannot be looked up is not one that does not exist.
    await assert.rejects(graph({ data: { account: null }, errors }).ask(NAME, { id: 'a1' }, { partly: true }), isBusy);
    assert.deepEqual(await graph({ data: { account: null } }).ask(NAME, { id: 'a1' }, { partly: true }), { account: null });
    await assert.rejects(graph({ errors: [{ message: 'no' }] }).ask(NAME, { id: 'a1' }, { partly: true }), CallError);
    await assert.rejects(graph('nonsense').ask(NAME, { id: 'a1' }), CallError);
  });
});
