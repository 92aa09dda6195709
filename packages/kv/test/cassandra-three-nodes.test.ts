import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { engineForTests, type EngineForTests, engineMissing, type EngineNode } from '@bioscope/engines/testing';
import { type CassandraKv, openCassandraKv } from '../src/cassandra/index.ts';
import { randomFrom } from '../src/conformance/check.ts';
import { describeKvConformance, KV_PARTS } from '../src/conformance/index.ts';
import { watch } from './cassandra-watcher.ts';
import { KINDS, progress, startWorkload } from './cassandra-workload.ts';
import { registerHistory, streamHistory } from './fault-histories.ts';

const HISTORIES_MS = 40_000;
const AT_ONCE = 3;

describe('Cassandra on three nodes', { skip: engineMissing('cassandra', { nodes: 3 }) }, () => {
  let engine: EngineForTests<'cassandra'>;
  const keyspace = `three_${randomBytes(4).toString('hex')}`;
  const opened: CassandraKv[] = [];
  before(async () => {
    engine = await engineForTests('cassandra', { nodes: 3 });
  });
  after(async () => {
    await Promise.all(opened.map((store) => store.close()));
    await engine?.release();
  });

  async function open(contactPoints: readonly string[] = engine.addresses.contactPoints): Promise<CassandraKv> {
    const store = await openCassandraKv({ contactPoints, localDataCentre: engine.addresses.localDataCentre, keyspace });
    opened.push(store);
    return store;
  }

  function node(index: number): EngineNode {
    const found = engine.nodes[index];
    assert.ok(found !== undefined);
    return found;
  }

  // Without the parts that are about this process alone, or that take minutes on three nodes; histories with faults follow.
  describeKvConformance(
    'the Cassandra engine on three nodes',
    async () => {
      let store = await open();
      return {
        store,
        async reopen() {
          await store.close();
          store = await open();
          return store;
        },
        close: () => store.close(),
      };
    },
    KV_PARTS.filter((part) => part !== 'itemModel' && part !== 'races'),
  );

  it('makes histories that could have happened one call at a time while nodes are paused, killed and started again', async (test) => {
    const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
    test.diagnostic(`seed ${seed}`);
    const random = randomFrom(seed);
    const stores = [await open(), await open(), await open()];
    const ending = new AbortController();
    const faults = injectFaults(engine.nodes, randomFrom(seed + 1), ending.signal);
    const end = performance.now() + HISTORIES_MS;
    const counts = { histories: 0, unclear: 0 };
    const lanes = Promise.all(
      Array.from({ length: AT_ONCE }, async (_, lane) => {
        for (let index = 0; performance.now() < end; index += 1) {
          const history = (lane + index) % 2 === 0 ? streamHistory : registerHistory;
          const made = await history({
            stores,
            namespace: 'histories',
            name: `${lane}.${index}`,
            random,
            deadlineMs: { min: 30, max: 3_000 },
            resend: 'same command',
          });
          assert.ok(made.isLinearizable, `not linearizable (seed ${seed}): ${JSON.stringify(made.calls)}`);
          counts.histories += 1;
          counts.unclear += made.unclear;
        }
      }),
    );
    const [checked] = await Promise.allSettled([lanes]);
    // Also when it failed: a node that is being started must not meet the end of the cluster.
    ending.abort();
    const injected = await faults;
    if (checked.status === 'rejected') throw checked.reason;
    test.diagnostic(JSON.stringify({ ...counts, ...injected }));
    assert.ok(counts.histories >= 6 && counts.unclear > 0 && injected.pauses > 0 && injected.kills > 0, JSON.stringify(counts));
  });

  it('loses nothing and goes on with every kind of call while one of three nodes is dead', async (test) => {
    const stores = [await open(), await open()];
    const watcher = watch(await open(), 'killed');
    const workload = startWorkload(stores, 'killed');
    const start = workload.counts();
    await grown(workload.counts, start, 5);
    await node(2).kill();
    const dead = workload.counts();
    // What was under way when it died may be answered late: progress counts from a moment after.
    await grown(workload.counts, dead, 5);
    const later = workload.counts();
    await grown(workload.counts, later, 5);
    test.diagnostic(`acknowledged with one of three dead: ${JSON.stringify(progress(dead, workload.counts()))}`);
    await node(2).start();
    const back = workload.counts();
    await grown(workload.counts, back, 5);
    await workload.stop();

    await watcher.untilSeen(await headsOf(stores[0], 'killed'), 60_000);
    await watcher.close();
    const [first] = stores;
    assert.ok(first !== undefined);
    await workload.checkNothingIsLost(first);
    // The one that was dead now has to do without another: what it missed must come from the third.
    await node(0).kill();
    try {
      await workload.checkNothingIsLost(await open(engine.addresses.contactPoints.slice(2)));
    } finally {
      await node(0).start();
    }
  });

  it('answers every call while one of three nodes is paused, at once or after the first few', async () => {
    const store = await open();
    const namespace = 'one_paused';
    const workload = startWorkload([store], namespace);
    await grown(workload.counts, workload.counts(), 2);
    await node(1).pause();
    try {
      await workload.stop();
      // A process that comes new meets it as well.
      const newcomer = await open();
      for (let index = 0; index < 20; index += 1) {
        for (const each of [store, newcomer]) {
          const stream = `s${index}${each === store ? 'old' : 'new'}`;
          const request = { namespace, stream, expectedVersion: 0, events: [{ type: 'happened', data: new Uint8Array() }], commandId: 'c' };
          assert.equal((await each.streams.append(request)).kind, 'appended');
          assert.equal((await each.streams.read({ namespace, stream })).version, 1);
        }
      }
      await workload.checkNothingIsLost(newcomer);
    } finally {
      node(1).resume();
    }
  });

  async function headsOf(store: CassandraKv | undefined, namespace: string): Promise<Map<string, number>> {
    const heads = new Map<string, number>();
    for (let client = 0; client < 4; client += 1) {
      const stream = `stream ${client}`;
      if (store !== undefined) heads.set(stream, (await store.streams.read({ namespace, stream, eventsMax: 1 })).version);
    }
    return heads;
  }
});

/** Until every kind of call was acknowledged some times more. */
async function grown(counts: () => Record<string, number>, from: Record<string, number>, by: number): Promise<void> {
  const end = performance.now() + 60_000;
  while (KINDS.some((kind) => (counts()[kind] ?? 0) < (from[kind] ?? 0) + by)) {
    assert.ok(performance.now() < end, `no progress: ${JSON.stringify(from)} … ${JSON.stringify(counts())}`);
    await pause(20);
  }
}

/** One node after the other: paused for a while, or killed and started again; now and then two are paused, so that there is no majority. */
async function injectFaults(
  nodes: readonly EngineNode[],
  random: () => number,
  ending: AbortSignal,
): Promise<{ pauses: number; kills: number }> {
  const done = { pauses: 0, kills: 0 };
  while (!ending.aborted) {
    const at = Math.floor(random() * nodes.length);
    const [node, other] = [nodes[at], nodes[(at + 1) % nodes.length]];
    if (node === undefined || other === undefined) throw new Error('there are no nodes');
    // A start takes longer than many pauses.
    if (done.pauses >= 4 && done.kills < done.pauses / 12) {
      await node.kill();
      await node.start();
      done.kills += 1;
    } else {
      const both = random() < 0.25;
      await node.pause();
      if (both) await other.pause();
      await pause(200 + random() * 2_500);
      if (both) other.resume();
      node.resume();
      done.pauses += 1;
    }
    await pause(random() * 1_500);
  }
  return done;
}
