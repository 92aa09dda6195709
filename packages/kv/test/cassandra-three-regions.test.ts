import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { engineForTests, type EngineForTests, engineMissing, type EngineNode } from '@bioscope/engines/testing';
import { type CassandraKv, openCassandraKv } from '../src/cassandra/index.ts';
import { eventually } from '../src/conformance/check.ts';
import { describeKvConformance } from '../src/conformance/index.ts';
import { type Appended, KV_FAULTS, KvFault } from '../src/port.ts';
import { bytes, utf8 } from '../src/text.ts';
import { watch } from './cassandra-watcher.ts';
import { KINDS, progress, startWorkload } from './cassandra-workload.ts';

const HOME_LEASE_MS = 2_000;

describe('Cassandra in three regions of one node', { skip: engineMissing('cassandra', { nodes: 3 }) }, () => {
  let engine: EngineForTests<'cassandra'>;
  const keyspace = `regions_${randomBytes(4).toString('hex')}`;
  const opened: CassandraKv[] = [];
  before(async () => {
    engine = await engineForTests('cassandra', { dataCentres: 3 });
  });
  after(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await engine?.release();
  });

  /** A process of a region knows the nodes of its region. */
  async function openIn(region: string, homeLeaseMs = HOME_LEASE_MS): Promise<CassandraKv> {
    const own = engine.addresses.nodes.filter(({ dataCentre }) => dataCentre === region);
    const store = await openCassandraKv({
      contactPoints: own.map(({ contactPoint }) => contactPoint),
      localDataCentre: region,
      keyspace,
      itemConsistency: () => 'quorum',
      isLocal: (namespace) => namespace.startsWith('local'),
      homeLeaseMs,
    });
    opened.push(store);
    return store;
  }

  function nodeIn(region: string): EngineNode {
    const found = engine.nodes[engine.addresses.nodes.findIndex(({ dataCentre }) => dataCentre === region)];
    assert.ok(found !== undefined);
    return found;
  }

  describeKvConformance(
    'the Cassandra engine in three regions',
    async () => {
      let store = await openIn('region-a');
      return {
        store,
        async reopen() {
          await store.close();
          store = await openIn('region-a');
          return store;
        },
        close: () => store.close(),
      };
    },
    ['registers', 'leases', 'streams'],
  );

  it('loses nothing global and goes on in two regions while the third is dead', async (test) => {
    const stores = [await openIn('region-b'), await openIn('witness')];
    const watcher = watch(await openIn('region-b'), 'global');
    const workload = startWorkload(stores, 'global');
    await grown(workload.counts, 3);
    await nodeIn('region-a').kill();
    const dead = workload.counts();
    await grown(workload.counts, 3);
    await grown(workload.counts, 3);
    test.diagnostic(`acknowledged with one of three regions dead: ${JSON.stringify(progress(dead, workload.counts()))}`);
    await nodeIn('region-a').start();
    await grown(workload.counts, 3);
    await workload.stop();
    const [first] = stores;
    assert.ok(first !== undefined);
    const heads = new Map<string, number>();
    for (let client = 0; client < 4; client += 1) {
      const stream = `stream ${client}`;
      heads.set(stream, (await first.streams.read({ namespace: 'global', stream })).version);
    }
    await watcher.untilSeen(heads, 60_000);
    await watcher.close();
    await workload.checkNothingIsLost(first);
    // From the region that was away, while one of those that were there is away.
    await nodeIn('witness').kill();
    try {
      await workload.checkNothingIsLost(await openIn('region-a'));
    } finally {
      await nodeIn('witness').start();
    }
  });

  it('moves a local namespace out of a dead region with all that was acknowledged, and the old region learns of it', async () => {
    const namespace = 'local_dead';
    const [inA, inB] = [await openIn('region-a'), await openIn('region-b')];
    const held = await patient(() => inA.registers.acquireLease({ namespace, name: 'lease', holder: 'a', ttlMs: 120_000 }));
    assert.ok(held.kind === 'held');
    let acknowledged = 0;
    let registered = 0;
    const killed = pause(1_500).then(() => nodeIn('region-a').kill());
    const failure = await (async (): Promise<unknown> => {
      for (;;) {
        try {
          await append(inA, namespace, acknowledged, 5_000);
          acknowledged += 1;
          await setTo(inA, namespace, registered, 5_000);
          registered += 1;
        } catch (error) {
          return error;
        }
      }
    })();
    await killed;
    assert.ok(isFaultOfTheEngine(failure), String(failure));
    assert.ok(acknowledged > 3, `only ${acknowledged} appends`);

    assert.deepEqual(await inB.homes.move(namespace, 'region-b'), { dataCentre: 'region-b', epoch: 2, isMoving: false });
    const before = await inB.streams.read({ namespace, stream: 's' });
    assert.ok(
      before.version === acknowledged || before.version === acknowledged + 1,
      `${acknowledged} acknowledged, ${before.version} there`,
    );
    // What was under way is sent again, and is there once.
    for (; acknowledged < before.version + 2; acknowledged += 1) await append(inB, namespace, acknowledged);
    const register = await inB.registers.read({ namespace, name: 'r' });
    assert.ok(
      register !== null && register.version >= registered && register.version <= registered + 1,
      JSON.stringify([register, registered]),
    );
    for (registered = register.version; registered < register.version + 2; registered += 1) await setTo(inB, namespace, registered);
    assert.equal((await inB.registers.acquireLease({ namespace, name: 'lease', holder: 'b', ttlMs: 1_000 })).kind, 'taken');

    await nodeIn('region-a').start();
    // Its process was alive all the time and knows nothing of the move.
    const late = await patient(() => inA.streams.append(appendOf(namespace, before.version, 'late')));
    assert.deepEqual(late, { kind: 'conflict', version: acknowledged });
    assert.deepEqual(await inA.homes.of(namespace), { dataCentre: 'region-b', epoch: 2, isMoving: false });
    await patient(() => append(inA, namespace, acknowledged));
    acknowledged += 1;
    for (const store of [inA, inB]) assert.deepEqual(await textsOf(store, namespace, 's'), expected(acknowledged));
  });

  it('accepts nothing from a process that was stopped during the move where the new home has decided', async () => {
    const namespace = 'local_stopped';
    // As if it had been stopped right after it had confirmed the home: it believes for ten minutes what it heard.
    const [stopped, inB] = [await openIn('region-a', 600_000), await openIn('region-b')];
    const streams = Array.from({ length: 8 }, (_, index) => `s${index}`);
    for (const stream of streams) await patient(() => stopped.streams.append({ ...appendOf(namespace, 0), stream }));
    for (const name of streams) await patient(() => stopped.registers.create({ namespace, name, value: bytes('a'), commandId: 'a' }));
    assert.equal((await stopped.homes.of(namespace))?.epoch, 1);

    await inB.homes.move(namespace, 'region-b');
    for (const [index, stream] of streams.entries()) {
      // Late in the old home, before the new one has touched it: it counts, and the new home must see it.
      const isLate = index % 2 === 0;
      if (isLate) assert.equal((await stopped.streams.append({ ...appendOf(namespace, 1, 'late'), stream })).kind, 'appended');
      const version = isLate ? 2 : 1;
      assert.equal((await patient(() => inB.streams.append({ ...appendOf(namespace, version), stream }))).kind, 'appended');
      assert.deepEqual(
        await inB.registers.compareAndSet({ namespace, name: stream, expectedVersion: 1, value: bytes('b'), commandId: 'b' }),
        {
          kind: 'set',
          version: 2,
        },
      );
    }
    // From here on the old one is wrong about every one of them, and the first refusal makes it ask again.
    for (const [index, stream] of streams.entries()) {
      const version = index % 2 === 0 ? 3 : 2;
      const refused: Appended = await patient(() => stopped.streams.append({ ...appendOf(namespace, version - 1, 'too late'), stream }));
      assert.deepEqual(refused, { kind: 'conflict', version });
      const set = await patient(() =>
        stopped.registers.compareAndSet({ namespace, name: stream, expectedVersion: 1, value: bytes('a'), commandId: 'too late' }),
      );
      assert.ok(set.kind === 'conflict' && set.current?.version === 2 && utf8(set.current.value) === 'b', JSON.stringify(set));
      const { events } = await inB.streams.read({ namespace, stream });
      assert.equal(events.length, version);
      assert.deepEqual(await textsOf(stopped, namespace, stream), await textsOf(inB, namespace, stream));
    }
  });

  it('refuses to decide when it cannot confirm its home, and decides again when it can', async () => {
    const namespace = 'local_alone';
    const inA = await openIn('region-a');
    await patient(() => append(inA, namespace, 0));
    await nodeIn('region-b').pause();
    await nodeIn('witness').pause();
    try {
      await pause(HOME_LEASE_MS);
      await assert.rejects(append(inA, namespace, 1, 4_000), isFaultOfTheEngine);
    } finally {
      nodeIn('region-b').resume();
      nodeIn('witness').resume();
    }
    await patient(() => append(inA, namespace, 1));
    assert.deepEqual(await textsOf(inA, namespace, 's'), expected(2));
  });
});

function appendOf(namespace: string, version: number, text = `event ${version + 1}`) {
  const events = [{ type: 'happened', data: bytes(text) }];
  return { namespace, stream: 's', expectedVersion: version, events, commandId: `${text} after ${version}` };
}

/** The command's id says what is appended: sent again it is the same one. */
async function append(store: CassandraKv, namespace: string, version: number, deadlineMs = 20_000): Promise<void> {
  const answer = await store.streams.append(appendOf(namespace, version), { deadlineMs });
  assert.ok(answer.kind === 'appended' && answer.version === version + 1, JSON.stringify(answer));
}

async function setTo(store: CassandraKv, namespace: string, version: number, deadlineMs = 20_000): Promise<void> {
  const request = { namespace, name: 'r', value: bytes(`value ${version + 1}`), commandId: `set ${version + 1}` };
  if (version === 0) assert.deepEqual(await store.registers.create(request, { deadlineMs }), { kind: 'created', version: 1 });
  else {
    const answer = await store.registers.compareAndSet({ ...request, expectedVersion: version }, { deadlineMs });
    assert.deepEqual(answer, { kind: 'set', version: version + 1 });
  }
}

function expected(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `event ${index + 1}`);
}

async function textsOf(store: CassandraKv, namespace: string, stream: string): Promise<string[]> {
  const { events } = await patient(() => store.streams.read({ namespace, stream }));
  return events.map(({ data }) => utf8(data));
}

/** Sends again what the engine could not answer; anything else is a failure at once. */
async function patient<T>(work: () => Promise<T>): Promise<T> {
  const answer = await eventually(
    'the engine answers',
    () =>
      work().then(
        (value) => ({ value }),
        (error: unknown) => {
          if (!isFaultOfTheEngine(error)) throw error;
          return null;
        },
      ),
    (found) => found !== null,
    90_000,
  );
  assert.ok(answer !== null);
  return answer.value;
}

function isFaultOfTheEngine(error: unknown): boolean {
  return error instanceof KvFault && KV_FAULTS[error.code].retry;
}

/** Until every kind of call was acknowledged some times more. */
async function grown(counts: () => Record<string, number>, by: number): Promise<void> {
  const from = counts();
  const end = performance.now() + 60_000;
  while (KINDS.some((kind) => (counts()[kind] ?? 0) < (from[kind] ?? 0) + by)) {
    assert.ok(performance.now() < end, `no progress: ${JSON.stringify(from)} … ${JSON.stringify(counts())}`);
    await pause(20);
  }
}
