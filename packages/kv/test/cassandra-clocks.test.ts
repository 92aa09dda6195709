import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { engineForTests, type EngineForTests, engineMissing } from '@bioscope/engines/testing';
import { Client, types } from 'cassandra-driver';
import { type CassandraKv, openCassandraKv } from '../src/cassandra/index.ts';
import { all, eventually } from '../src/conformance/check.ts';
import { bytes } from '../src/text.ts';

const HOURS_MS = 3_600_000;
const LONG_MS = 120_000;
const SHORT_MS = 2_000;

describe('processes whose clocks are hours apart', { skip: engineMissing('cassandra') }, () => {
  let engine: EngineForTests<'cassandra'>;
  let stores: CassandraKv[];
  const keyspace = `clocks_${randomBytes(4).toString('hex')}`;
  before(async () => {
    engine = await engineForTests('cassandra');
    stores = [];
    for (const hours of [0, 5, -7]) stores.push(await openAt(hours * HOURS_MS));
  });
  after(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await engine.release();
  });

  function openAt(offsetMs: number): Promise<CassandraKv> {
    const { contactPoints, localDataCentre } = engine.addresses;
    return openCassandraKv({ contactPoints, localDataCentre, keyspace, clock: () => Date.now() + offsetMs });
  }

  function storeAt(index: number): CassandraKv {
    const store = stores[index % stores.length];
    assert.ok(store !== undefined);
    return store;
  }

  const acquire = (store: CassandraKv, name: string, holder: string, ttlMs: number) =>
    store.registers.acquireLease({ namespace: 'leases', name, holder, ttlMs });

  it('hold a lease one after the other, under growing fences, and nobody beside the holder', async () => {
    let fence = 0;
    for (let turn = 0; turn < 6; turn += 1) {
      const answers = await all(stores.length, (index) => acquire(storeAt(turn + index), 'in turns', `${turn}.${index}`, LONG_MS));
      const held = answers.flatMap((answer, index) => (answer.kind === 'held' ? [{ ...answer, index }] : []));
      const [mine] = held;
      assert.equal(held.length, 1, `${held.length} hold the lease`);
      assert.ok(mine !== undefined && mine.fence > fence, `the fence ${mine?.fence} does not follow ${fence}`);
      fence = mine.fence;
      const holder = storeAt(turn + mine.index);
      await holder.registers.releaseLease({ namespace: 'leases', name: 'in turns', holder: `${turn}.${mine.index}`, fence });
    }
  });

  it('wait for the whole time of a holder that is gone, whichever clock it had', async () => {
    for (const [index, store] of stores.entries()) {
      const name = `left by ${index}`;
      const askedAt = performance.now();
      const left = await acquire(store, name, 'gone', SHORT_MS);
      assert.ok(left.kind === 'held');
      const taken = await Promise.all(
        stores.map((each, at) =>
          eventually(
            'the lease is given away',
            () => acquire(each, name, `waiter ${at}`, LONG_MS),
            (answer) => answer.kind === 'held' || answer.holder !== 'gone',
          ),
        ),
      );
      assert.ok(performance.now() - askedAt >= SHORT_MS, 'the lease was given away before its time had passed');
      const held = taken.filter((answer) => answer.kind === 'held');
      assert.equal(held.length, 1);
      assert.ok(held[0]?.kind === 'held' && held[0].fence > left.fence);
      const late = await store.registers.renewLease({ namespace: 'leases', name, holder: 'gone', ttlMs: SHORT_MS, fence: left.fence });
      assert.equal(late.kind, 'lost');
    }
  });

  it('feed at once what they append, also when somebody announced something far in the future', async () => {
    const [store] = stores;
    assert.ok(store !== undefined);
    const seen = new Set<string>();
    const subscription = store.streams.subscribe({ namespace: 'events', after: null }, async (events) => {
      for (const { stream } of events) seen.add(stream);
    });
    const client = new Client({ contactPoints: [...engine.addresses.contactPoints], localDataCenter: engine.addresses.localDataCentre });
    try {
      const future = types.TimeUuid.fromDate(new Date(Date.now() + 3 * HOURS_MS));
      const announce = `INSERT INTO ${keyspace}.stream_intents (namespace, at, stream, command) VALUES (?, ?, ?, ?)`;
      await client.execute(announce, ['events', future, 'never', 'never'], { prepare: true });
      for (let index = 0; index < 3; index += 1) {
        const stream = `s${index}`;
        const append = { namespace: 'events', stream, expectedVersion: 0, events: [{ type: 't', data: bytes('d') }], commandId: 'c' };
        await store.streams.append(append);
        await eventually('the event is delivered', async () => seen.has(stream), Boolean, 20_000);
      }
    } finally {
      await client.shutdown();
      await subscription.close();
    }
  });
});
