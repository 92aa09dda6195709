import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { engineForTests, type EngineForTests, engineMissing } from '@bioscope/engines/testing';
import { type CassandraKv, openCassandraKv } from '../src/cassandra/index.ts';
import { KvFault } from '../src/port.ts';
import { bytes, utf8 } from '../src/text.ts';
import { newToken } from '../src/token.ts';
import { type AnswerLoser, type Loss, startAnswerLoser } from './answer-loser.ts';

const namespace = 'lost_answers';
/** Longer than one request may take, so that the driver has given it up. */
const LATE_MS = 3_500;
const DEADLINE_MS = 30_000;
/** Below one request's time, so that there is no time to find out. */
const TOO_SHORT_MS = 700;

const LOSSES: Readonly<Record<string, Omit<Loss, 'text' | 'times'>>> = {
  'whose answer is lost': { lose: 'answer' },
  'whose answer comes late': { lose: 'answer', delayMs: LATE_MS },
  'that never arrives': { lose: 'request' },
  'whose connection breaks under way': { lose: 'connection' },
};

describe('a write to Cassandra', { skip: engineMissing('cassandra') }, () => {
  let engine: EngineForTests<'cassandra'>;
  let loser: AnswerLoser;
  let store: CassandraKv;
  before(async () => {
    engine = await engineForTests('cassandra');
    const [node] = engine.addresses.nodes;
    assert.ok(node !== undefined);
    loser = await startAnswerLoser(node.contactPoint);
    const keyspace = `lost_${randomBytes(4).toString('hex')}`;
    store = await openCassandraKv({ contactPoints: [loser.address], localDataCentre: engine.addresses.localDataCentre, keyspace });
  });
  after(async () => {
    await store?.close();
    await loser?.close();
    await engine?.release();
  });

  /** The command's id is in every request that decides about it, and in no other. */
  const loseOnce = (text: string, loss: Omit<Loss, 'text' | 'times'>): Loss => loser.lose({ text, times: 1, ...loss });

  for (const [what, loss] of Object.entries(LOSSES)) {
    it(`${what} is done exactly once, and the answer says so: append`, async () => {
      const stream = newToken().nonce;
      const commandId = newToken().nonce;
      // Once it happens to the append itself, once to the intent before it.
      for (const nth of [1, 2]) {
        const lost = loser.lose({ text: `${commandId} ${nth}`, times: 1, ...loss, ...(nth === 1 ? { kind: 'batch' } : {}) });
        const append = {
          namespace,
          stream,
          expectedVersion: nth - 1,
          events: [{ type: 'happened', data: bytes(String(nth)) }],
          commandId: `${commandId} ${nth}`,
        };
        const answer = await store.streams.append(append, { deadlineMs: DEADLINE_MS });
        assert.equal(lost.times, 0, 'nothing was lost');
        assert.ok(answer.kind === 'appended' && answer.version === nth, JSON.stringify(answer));
        assert.deepEqual(await store.streams.append(append), { kind: 'appended', version: nth, repeated: true });
      }
      const { events, version } = await store.streams.read({ namespace, stream });
      assert.deepEqual([version, ...events.map(({ data }) => utf8(data))], [2, '1', '2']);
    });

    it(`${what} is done exactly once, and the answer says so: register`, async () => {
      const name = newToken().nonce;
      const commandId = newToken().nonce;
      const created = loseOnce(`${commandId} 1`, loss);
      const create = { namespace, name, value: bytes('1'), commandId: `${commandId} 1` };
      assert.deepEqual(await store.registers.create(create, { deadlineMs: DEADLINE_MS }), { kind: 'created', version: 1 });
      const set = loseOnce(`${commandId} 2`, loss);
      const request = { namespace, name, expectedVersion: 1, value: bytes('2'), commandId: `${commandId} 2` };
      assert.deepEqual(await store.registers.compareAndSet(request, { deadlineMs: DEADLINE_MS }), { kind: 'set', version: 2 });
      const removed = loseOnce(`${commandId} 3`, loss);
      const remove = { namespace, name, expectedVersion: 2, commandId: `${commandId} 3` };
      assert.equal((await store.registers.remove(remove, { deadlineMs: DEADLINE_MS })).kind, 'set');
      assert.equal(await store.registers.read({ namespace, name }), null);
      assert.deepEqual([created.times, set.times, removed.times], [0, 0, 0], 'nothing was lost');
    });

    it(`${what} is done exactly once, and the answer says so: lease, put`, async () => {
      const holder = newToken().nonce;
      const leased = loseOnce(holder, loss);
      const lease = { namespace, name: newToken().nonce, holder, ttlMs: 60_000 };
      const mine = await store.registers.acquireLease(lease, { deadlineMs: DEADLINE_MS });
      assert.ok(mine.kind === 'held');
      assert.equal((await store.registers.renewLease({ ...lease, fence: mine.fence })).kind, 'renewed');
      const value = newToken().nonce;
      const put = loseOnce(value, loss);
      const item = { key: bytes('k'), value: bytes(value) };
      await store.items.put({ namespace, record: holder, items: [item], token: newToken() }, { deadlineMs: DEADLINE_MS });
      const { items } = await store.items.get({ namespace, record: holder });
      assert.deepEqual(
        items.map((each) => utf8(each.value)),
        [value],
      );
      assert.deepEqual([leased.times, put.times], [0, 0], 'nothing was lost');
    });
  }

  it('whose answer is lost and that has no time to look is unknown; sent again it tells the truth', async () => {
    const stream = newToken().nonce;
    const commandId = newToken().nonce;
    const append = { namespace, stream, expectedVersion: 0, events: [{ type: 'happened', data: bytes('once') }], commandId };
    const lost = loser.lose({ text: commandId, kind: 'batch', times: 1, lose: 'answer' });
    await assert.rejects(store.streams.append(append, { deadlineMs: TOO_SHORT_MS }), isDeadline);
    assert.equal(lost.times, 0, 'the intent did not get through');
    assert.deepEqual(await store.streams.append(append), { kind: 'appended', version: 1, repeated: true });
    assert.equal((await store.streams.read({ namespace, stream })).version, 1);

    const name = newToken().nonce;
    const create = { namespace, name, value: bytes('once'), commandId: newToken().nonce };
    loseOnce(create.commandId, { lose: 'answer' });
    await assert.rejects(store.registers.create(create, { deadlineMs: TOO_SHORT_MS }), isDeadline);
    assert.deepEqual(await store.registers.create(create), { kind: 'created', version: 1 });
    const other = { ...create, commandId: newToken().nonce };
    assert.equal((await store.registers.create(other)).kind, 'exists');
  });
});

function isDeadline(error: unknown): boolean {
  return error instanceof KvFault && error.code === 'KV_DEADLINE';
}
