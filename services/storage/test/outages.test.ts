import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BlobFault } from '@bioscope/blob';
import { bytes, KvFault, newToken, utf8 } from '@bioscope/kv';
import type { StreamEvent } from '@bioscope/kv';
import { connectTo, eventually, startStorage } from './running-storage.ts';
import type { RemoteState, RunningStorage } from './running-storage.ts';

async function start(test: TestContext): Promise<{ storage: RunningStorage; state: RemoteState }> {
  const storage = await startStorage();
  const state = await connectTo(storage);
  test.after(async () => {
    // Calls that still wait for a storage which is gone end when the connections do.
    await state.host.close();
    await state.close();
    await storage.end();
  });
  return { storage, state };
}

/** Writers that go on until told to stop, and what was acknowledged to each. */
function startWriters({ kv, log }: RemoteState): { acknowledged: Map<string, number>; stop(): Promise<void>; faults: unknown[] } {
  const acknowledged = new Map<string, number>();
  const faults: unknown[] = [];
  const stopping = new AbortController();

  async function repeat(what: string, write: (count: number) => Promise<void>): Promise<void> {
    for (let count = 1; !stopping.signal.aborted;) {
      try {
        await write(count);
        acknowledged.set(what, count);
        count += 1;
      } catch (error) {
        // Whoever writes may give up at its deadline and do the same again: nothing is lost or doubled by that.
        faults.push(error);
      }
    }
  }

  const namespace = 'outage';
  const value = (count: number): Uint8Array => bytes(String(count));
  const writers = ['a', 'b', 'c'].flatMap((name) => [
    repeat(`items ${name}`, (count) =>
      kv.items.put({
        namespace,
        record: name,
        items: ['x', 'y'].map((key) => ({ key: bytes(key), value: value(count) })),
        token: newToken(),
      }),
    ),
    repeat(`register ${name}`, async (count) => {
      const command = { namespace, name, value: value(count), commandId: `${name} ${count}` };
      const result =
        count === 1 ? await kv.registers.create(command) : await kv.registers.compareAndSet({ ...command, expectedVersion: count - 1 });
      assert.equal('version' in result ? result.version : result.kind, count, 'no rival, so no conflict');
    }),
    repeat(`stream ${name}`, async (count) => {
      const events = [{ type: 'counted', data: value(count) }];
      const result = await kv.streams.append({
        namespace,
        stream: name,
        expectedVersion: count - 1,
        events,
        commandId: `${name} ${count}`,
      });
      assert.deepEqual([result.kind, result.version], ['appended', count], 'no rival, so no conflict');
    }),
    repeat(`log ${name}`, (count) =>
      log.publish('outage', [{ key: name, type: 'counted', value: value(count), origin: { stream: name, sequence: count } }]),
    ),
  ]);
  return {
    acknowledged,
    faults,
    async stop() {
      stopping.abort();
      await Promise.all(writers);
    },
  };
}

describe('while the storage is killed and started again', () => {
  it('loses no acknowledged write, doubles none, and subscriptions go on where they stood', { timeout: 120_000 }, async (test) => {
    const { storage, state } = await start(test);
    const followed: StreamEvent[] = [];
    const subscription = state.kv.streams.subscribe({ namespace: 'outage', after: null }, async (events) => {
      followed.push(...events);
    });
    const delivered = new Map<string, number[]>();
    state.log.subscribe({ topic: 'outage', group: 'g' }, async (records) => {
      for (const { key, value } of records) delivered.set(key, [...(delivered.get(key) ?? []), Number(utf8(value))]);
    });
    const writers = startWriters(state);
    for (let kill = 1; kill <= 3; kill += 1) {
      const before = new Map(writers.acknowledged);
      await eventually('every writer gets on', () => {
        return writers.acknowledged.size === 12 && [...writers.acknowledged].every(([what, count]) => count > (before.get(what) ?? 0) + 5);
      });
      await storage.kill();
      await storage.restart();
    }
    await eventually('writing goes on', async () => (await state.kv.streams.read({ namespace: 'outage', stream: 'a' })).version > 0);
    await writers.stop();
    for (const fault of writers.faults) assert.ok(fault instanceof KvFault, String(fault));

    for (const [what, count] of writers.acknowledged) {
      const [kind, name = ''] = what.split(' ');
      if (kind === 'items') {
        const { items } = await state.kv.items.get({ namespace: 'outage', record: name });
        assert.deepEqual(
          items.map(({ value }) => Number(utf8(value)) >= count),
          [true, true],
          what,
        );
      } else if (kind === 'register') {
        assert.ok(((await state.kv.registers.read({ namespace: 'outage', name }))?.version ?? 0) >= count, what);
      } else if (kind === 'stream') {
        assert.ok((await state.kv.streams.read({ namespace: 'outage', stream: name, after: count - 1 })).version >= count, what);
        await eventually(`all of ${what} is followed`, () => followed.some(({ stream, sequence }) => stream === name && sequence >= count));
        assertCounted(followed.filter(({ stream }) => stream === name).map(({ sequence }) => sequence));
      } else {
        await eventually(`all of ${what} is delivered`, () => (delivered.get(name)?.at(-1) ?? 0) >= count);
        assertCounted(delivered.get(name) ?? []);
      }
    }
    await subscription.close();
  });

  it('answers calls that were made while it was away', { timeout: 60_000 }, async (test) => {
    const { storage, state } = await start(test);
    await state.kv.items.put({ namespace: 'n', record: 'r', items: [{ key: bytes('k'), value: bytes('v') }], token: newToken() });
    await state.blob.put('film', bytes('moving pictures'));
    await storage.kill();
    const waiting = Promise.all([
      state.kv.items.get({ namespace: 'n', record: 'r' }, { deadlineMs: 30_000 }),
      state.kv.registers.create({ namespace: 'n', name: 'r', value: bytes('v'), commandId: 'c' }, { deadlineMs: 30_000 }),
      state.blob.head('film'),
    ]);
    await storage.restart();
    const [page, created, info] = await waiting;
    assert.deepEqual([page.items.length, created.kind, info?.bytes], [1, 'created', 15]);
  });

  it('ends a body that is under way with a fault, not short', { timeout: 60_000 }, async (test) => {
    const { storage, state } = await start(test);
    await state.blob.put('film', new Uint8Array(40 * 1024 * 1024));
    const read = await state.blob.get('film');
    assert.ok(read !== null);
    let received = 0;
    const reading = (async () => {
      for await (const chunk of read.body) {
        received += chunk.length;
        await storage.kill();
      }
    })();
    await assert.rejects(reading, (error) => error instanceof BlobFault && error.code === 'BLOB_UNAVAILABLE');
    assert.ok(received < 40 * 1024 * 1024);
  });
});

describe('while the storage does not answer', () => {
  it('settles every call by its deadline, and works again when it does', { timeout: 60_000 }, async (test) => {
    const { storage, state } = await start(test);
    const options = { deadlineMs: 300 };
    const ask = (): Promise<unknown>[] => [
      state.kv.items.get({ namespace: 'n', record: 'r' }, options),
      state.kv.items.put({ namespace: 'n', record: 'r', items: [{ key: bytes('k'), value: bytes('v') }], token: newToken() }, options),
      state.kv.registers.acquireLease({ namespace: 'n', name: 'l', holder: 'h', ttlMs: 1_000 }, options),
      state.kv.streams.append(
        { namespace: 'n', stream: 's', expectedVersion: 0, events: [{ type: 't', data: bytes('') }], commandId: 'c' },
        options,
      ),
    ];
    await Promise.all(ask());
    storage.pause();
    const startedMs = performance.now();
    const outcomes = await Promise.allSettled(ask());
    const tookMs = performance.now() - startedMs;
    for (const outcome of outcomes) assert.ok(outcome.status === 'rejected' && isAway(outcome.reason), JSON.stringify(outcome));
    assert.ok(tookMs < 5_000, `it took ${tookMs} ms`);
    storage.resume();
    await eventually('it works again', () =>
      Promise.all(ask()).then(
        () => true,
        () => false,
      ),
    );
  });

  it('gives up at once when the caller does', { timeout: 60_000 }, async (test) => {
    const { storage, state } = await start(test);
    storage.pause();
    const caller = new AbortController();
    const call = state.kv.items.get({ namespace: 'n', record: 'r' }, { signal: caller.signal, deadlineMs: 50_000 });
    const body = state.blob.put('film', endless(), { signal: caller.signal });
    setImmediate(() => caller.abort(new Error('changed my mind')));
    await assert.rejects(call, (error) => error instanceof KvFault && error.code === 'KV_DEADLINE');
    await assert.rejects(body, /changed my mind/);
    storage.resume();
  });

  it('says that it is not there when nobody comes back', { timeout: 60_000 }, async (test) => {
    const { storage, state } = await start(test);
    await storage.kill();
    const call = state.kv.items.get({ namespace: 'n', record: 'r' }, { deadlineMs: 400 });
    await assert.rejects(call, (error) => isAway(error));
    await assert.rejects(state.log.publish('t', [{ key: 'k', type: 't', value: bytes('') }]), (error) => isAway(error));
    await assert.rejects(state.blob.put('film', bytes('x')), (error) => error instanceof BlobFault && error.code === 'BLOB_UNAVAILABLE');
  });
});

function isAway(error: unknown): boolean {
  return error instanceof KvFault && (error.code === 'KV_DEADLINE' || error.code === 'KV_UNAVAILABLE');
}

/** At least once and in order: a number may come again, none may be left out. */
function assertCounted(numbers: readonly number[]): void {
  let highest = 0;
  for (const number of numbers) {
    assert.ok(number <= highest + 1, `${number} after ${highest}`);
    highest = Math.max(highest, number);
  }
}

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) {
    yield new Uint8Array(1024);
    await sleep(1);
  }
}
