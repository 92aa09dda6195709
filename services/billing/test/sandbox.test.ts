import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { describe, it } from 'node:test';

import { openKv } from '@bioscope/kv/sqlite';

import type { ChargeRequest } from '../src/processor.ts';
import { sandboxStore } from '../src/sandbox/sandbox-store.ts';
import { sandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { TEST_CARDS, type Behaviour } from '../src/sandbox/test-cards.ts';
import { stateFolder, until } from './running-billing.ts';

const PATIENCE_MS = 5_000;

type Open = AsyncDisposable & {
  readonly processor: Sandbox;
  request(behaviour: Behaviour, key?: string): Promise<ChargeRequest>;
  taken(): Promise<number>;
};

async function open(): Promise<Open> {
  await using started = new AsyncDisposableStack();
  const folder = started.use(await stateFolder());
  const kv = started.adopt(await openKv({ folder: join(folder.path, 'kv') }), (store) => store.close());
  const store = sandboxStore(kv);
  const processor = started.adopt(sandbox({ store, nowMs: Date.now, newId: randomUUID, charged: () => undefined }), (open) => open.close());
  const all = started.move();
  return {
    processor,
    async request(behaviour, key = randomUUID()) {
      const number = TEST_CARDS.find((card) => card.behaviour === behaviour)?.number ?? '';
      const made = await processor.tokenise({ number, expiresMonth: 12, expiresYear: 2040 });
      assert.ok('token' in made);
      return { key, customer: 'a1', token: made.token, amountMinor: 999, currency: 'EUR' };
    },
    taken: async () => [...(await store.statement('a1')).values()].filter(({ state }) => state === 'succeeded').length,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

const patient = (): AbortSignal => AbortSignal.timeout(PATIENCE_MS);

describe('the sandbox', () => {
  it('charges a key once, however often it is asked for', async () => {
    await using opened = await open();
    const request = await opened.request('succeeds');
    const outcomes = await Promise.all(Array.from({ length: 10 }, () => opened.processor.charge(request, patient())));
    assert.equal(outcomes[0]?.kind, 'succeeded');
    for (const outcome of outcomes) assert.deepEqual(outcome, outcomes[0]);
    assert.equal(await opened.taken(), 1);
    await assert.rejects(opened.processor.charge({ ...request, amountMinor: 1 }, patient()), /another payment/);
  });

  it('never charges a key that was closed, also when the request arrives later', async () => {
    await using opened = await open();
    const request = await opened.request('succeeds');
    assert.deepEqual(await opened.processor.settle({ key: request.key, giveUp: true }, patient()), { kind: 'closed' });
    assert.deepEqual(await opened.processor.charge(request, patient()), { kind: 'closed' });
    assert.equal(await opened.taken(), 0);
  });

  it('says one thing of a key to all, when closing and charging meet', async () => {
    await using opened = await open();
    let succeeded = 0;
    for (let round = 0; round < 40; round += 1) {
      const request = await opened.request('succeeds');
      const charging = opened.processor.charge(request, patient());
      if (round % 2 === 1) await Promise.resolve();
      const settled = await opened.processor.settle({ key: request.key, giveUp: true }, patient());
      assert.deepEqual(await charging, settled);
      if (settled.kind === 'succeeded') succeeded += 1;
    }
    assert.equal(await opened.taken(), succeeded);
  });

  it('tells by its key what became of a charge that it never answered', async () => {
    await using opened = await open();
    for (const [behaviour, kind] of [
      ['charges_silently', 'succeeded'],
      ['silent', 'closed'],
    ] as const) {
      const request = await opened.request(behaviour);
      await assert.rejects(opened.processor.charge(request, AbortSignal.timeout(30)), /did not answer/);
      assert.equal((await opened.processor.settle({ key: request.key, giveUp: true }, patient())).kind, kind);
    }
    assert.equal(await opened.taken(), 1);
  });

  it('hints twice and late where the card asks for it', async () => {
    await using opened = await open();
    const heard: string[] = [];
    opened.processor.hear(({ key }) => heard.push(key));
    const request = await opened.request('answers_twice');
    assert.equal((await opened.processor.charge(request, patient())).kind, 'succeeded');
    await until('all hints are there', () => heard.length === 3);
    assert.deepEqual(new Set(heard), new Set([request.key]));
    assert.equal(await opened.taken(), 1);
  });

  it('lets a challenge be answered once', async () => {
    await using opened = await open();
    const request = await opened.request('step_up');
    const asked = await opened.processor.charge(request, patient());
    assert.ok(asked.kind === 'challenged');
    assert.equal((await opened.processor.showChallenge(asked.challengeId))?.state, 'challenged');
    assert.equal((await opened.processor.answerChallenge(asked.challengeId, false))?.state, 'declined');
    assert.equal((await opened.processor.answerChallenge(asked.challengeId, true))?.state, 'declined');
    assert.equal(await opened.processor.answerChallenge('ch_other', true), null);
    assert.equal(await opened.taken(), 0);
  });
});
