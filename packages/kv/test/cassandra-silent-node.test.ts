import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { engineForTests, type EngineForTests, engineMissing, type EngineNode } from '@bioscope/engines/testing';
import { type CassandraKv, openCassandraKv } from '../src/cassandra/index.ts';
import { eventually, thorough } from '../src/conformance/check.ts';
import { type KvCallOptions, KvFault, type KvStore } from '../src/port.ts';
import { bytes } from '../src/text.ts';
import { newToken } from '../src/token.ts';

/** This is not about speed: a call that hangs is found, a machine that is busy is not. */
const MARGIN_MS = 2_000;
const BACK_WITHIN_MS = 60_000;

const skip =
  engineMissing('cassandra') || (thorough ? false : 'a node of its own, paused and killed: ./bioscope test --all, or BIOSCOPE_TEST_ALL=1');

describe('the Cassandra engine whose only node falls silent', { skip }, () => {
  let engine: EngineForTests<'cassandra'>;
  let node: EngineNode;
  let store: CassandraKv;
  const keyspace = `silent_${randomBytes(4).toString('hex')}`;
  const open = (): Promise<CassandraKv> =>
    openCassandraKv({
      contactPoints: engine.addresses.contactPoints,
      localDataCentre: engine.addresses.localDataCentre,
      keyspace,
      isLocal: (namespace) => namespace === 'local',
      homeLeaseMs: 1_000,
    });
  before(async () => {
    engine = await engineForTests('cassandra', { alone: true });
    const [only] = engine.nodes;
    assert.ok(only !== undefined);
    node = only;
    store = await open();
    for (const namespace of ['global', 'local']) await allSucceed(store, namespace);
  });
  after(async () => {
    await store?.close();
    await engine?.release();
  });

  it('settles every call by its deadline with the right fault while it is paused, and goes on when it is back', async () => {
    await node.pause();
    try {
      const settled = await Promise.all(
        ['global', 'local'].flatMap((namespace) => [50, 400, 1_500, 5_000].map((ms) => settle(store, namespace, ms))),
      );
      assertFaults(settled.flat());
    } finally {
      node.resume();
    }
    await backAgain();
  });

  it('settles every call while it stops and goes on again and again', async () => {
    const flapping = (async () => {
      for (let index = 0; index < 8; index += 1) {
        await node.pause();
        await pause(400);
        node.resume();
        await pause(150);
      }
    })();
    const over = new AbortController();
    void flapping.finally(() => over.abort());
    const faults: Settled[] = [];
    while (!over.signal.aborted) faults.push(...(await settle(store, 'global', 300)));
    await flapping;
    assertOnlyFaultsOfTheEngine(faults);
    await backAgain();
  });

  it('settles every call while it is dead, and goes on with the same store when it was started again', async () => {
    await node.kill();
    try {
      const settled = await Promise.all(['global', 'local'].map((namespace) => settle(store, namespace, 1_500)));
      assertFaults(settled.flat());
    } finally {
      await node.start();
    }
    await backAgain();
  });

  it('closes and refuses to open in bounded time while it is paused', async () => {
    const other = await open();
    await allSucceed(other, 'global');
    await node.pause();
    const unanswered = settle(other, 'global', 30_000);
    try {
      const startedAt = performance.now();
      await other.close();
      assert.ok(performance.now() - startedAt < 15_000, 'the close waited for a node that is silent');
      for (const { code } of await unanswered) assert.equal(code, 'KV_CLOSED');
      await assert.rejects(open(), (error) => error instanceof KvFault && error.code === 'KV_UNAVAILABLE');
    } finally {
      node.resume();
    }
    await backAgain();
  });

  async function backAgain(): Promise<void> {
    await eventually(
      'every kind of call is answered again',
      async () => {
        const settled = await Promise.all(['global', 'local'].map((namespace) => settle(store, namespace, 5_000)));
        return settled.flat().map(({ code }) => code);
      },
      (codes) => codes.every((code) => code === 'done'),
      BACK_WITHIN_MS,
    );
  }
});

type Settled = { readonly what: string; readonly code: string; readonly lateMs: number };

const CALLS: Readonly<Record<string, (store: KvStore, namespace: string, options: KvCallOptions) => Promise<unknown>>> = {
  put: ({ items }, namespace, options) =>
    items.put({ namespace, record: 'r', items: [{ key: bytes('k'), value: bytes('v') }], token: newToken() }, options),
  'put a large value': ({ items }, namespace, options) =>
    items.put({ namespace, record: 'r', items: [{ key: bytes('l'), value: new Uint8Array(300_000) }], token: newToken() }, options),
  get: ({ items }, namespace, options) => items.get({ namespace, record: 'r' }, options),
  delete: ({ items }, namespace, options) => items.delete({ namespace, record: 'r', select: { kind: 'all' }, token: newToken() }, options),
  scan: ({ items }, namespace, options) => items.scan({ namespace }, options),
  create: ({ registers }, namespace, options) =>
    registers.create({ namespace, name: newToken().nonce, value: bytes('v'), commandId: 'c' }, options),
  read: ({ registers }, namespace, options) => registers.read({ namespace, name: 'r' }, options),
  lease: ({ registers }, namespace, options) =>
    registers.acquireLease({ namespace, name: newToken().nonce, holder: 'me', ttlMs: 1_000 }, options),
  append: ({ streams }, namespace, options) =>
    streams.append(
      { namespace, stream: newToken().nonce, expectedVersion: 0, events: [{ type: 't', data: bytes('d') }], commandId: 'c' },
      options,
    ),
  'read a stream': ({ streams }, namespace, options) => streams.read({ namespace, stream: 's' }, options),
};

/** Every kind of call at once: how each ended, and how long after its deadline. */
async function settle(store: KvStore, namespace: string, deadlineMs: number): Promise<Settled[]> {
  const startedAt = performance.now();
  const calls = Object.entries(CALLS).map(async ([what, call]): Promise<Settled> => {
    const code = await call(store, namespace, { deadlineMs }).then(
      () => 'done',
      (error: unknown) => (error instanceof KvFault ? error.code : `not a KvFault: ${String(error)}`),
    );
    return { what: `${what} in ${namespace} with ${deadlineMs} ms`, code, lateMs: performance.now() - startedAt - deadlineMs };
  });
  return Promise.all(calls);
}

async function allSucceed(store: KvStore, namespace: string): Promise<void> {
  for (const { what, code } of await settle(store, namespace, 30_000)) assert.equal(code, 'done', what);
}

function assertFaults(settled: readonly Settled[]): void {
  assertOnlyFaultsOfTheEngine(settled);
  for (const { what, code } of settled) assert.notEqual(code, 'done', `${what} was answered by a node that is not there`);
}

function assertOnlyFaultsOfTheEngine(settled: readonly Settled[]): void {
  assert.ok(settled.length > 0);
  for (const { what, code, lateMs } of settled) {
    assert.ok(['done', 'KV_DEADLINE', 'KV_UNAVAILABLE'].includes(code), `${what}: ${code}`);
    assert.ok(lateMs < MARGIN_MS, `${what} settled ${Math.round(lateMs)} ms after its deadline`);
  }
}
