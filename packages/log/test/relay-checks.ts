import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, it } from 'node:test';
import { bytes, type KvStore, utf8 } from '@bioscope/kv';
import { collector, eventually, textOf } from '../src/conformance/check.ts';
import type { Log } from '../src/port.ts';
import { relay } from '../src/relay.ts';

/** What a relay between any store and any log must do; each check gets new ones. */
export function relayChecks(open: { kv: (folder: string) => Promise<KvStore>; log: (folder: string) => Promise<Log> }): void {
  let folder: string;
  let kv: KvStore;
  let log: Log;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-relay-'));
    [kv, log] = await Promise.all([open.kv(folder), open.log(folder)]);
  });
  afterEach(async () => {
    await Promise.all([kv.close(), log.close()]);
    await rm(folder, { recursive: true });
  });

  async function append(stream: string, from: number, to: number): Promise<void> {
    for (let version = from; version < to; version += 1) {
      const events = [{ type: 'counted', data: bytes(`${stream} ${version + 1}`) }];
      const result = await kv.streams.append({ namespace: 'counts', stream, expectedVersion: version, events, commandId: `c${version}` });
      assert.equal(result.kind, 'appended');
    }
  }

  async function positionOf(sequence: number): Promise<string> {
    const found = Promise.withResolvers<string>();
    const subscription = kv.streams.subscribe({ namespace: 'counts', after: null }, async (events) => {
      const event = events.find((each) => each.sequence === sequence);
      if (event !== undefined) found.resolve(event.position);
    });
    const position = await found.promise;
    await subscription.close();
    return position;
  }

  it('publishes every event once, in order per stream, marked with its origin', async () => {
    await append('a', 0, 5);
    const relaying = relay(kv, log, { namespace: 'counts', topic: 'counts' });
    const { seen } = collector(log, 'counts', 'g');
    await Promise.all([append('a', 5, 20), append('b', 0, 20)]);
    await eventually('all events arrive', () => seen.length >= 40);
    await relaying.close();
    for (const stream of ['a', 'b']) {
      const own = seen.filter(({ key }) => key === stream);
      assert.deepEqual(
        own.map(textOf),
        Array.from({ length: 20 }, (_, index) => `${stream} ${index + 1}`),
      );
      assert.deepEqual(
        own.map(({ origin, type }) => [origin, type]),
        own.map((_, index) => [{ stream, sequence: index + 1 }, 'counted']),
      );
    }
  });

  it('goes on where it stopped, without publishing everything again', async () => {
    await append('a', 0, 10);
    const first = relay(kv, log, { namespace: 'counts', topic: 'counts' });
    const { seen } = collector(log, 'counts', 'g');
    await eventually('the first events arrive', () => seen.length === 10);
    const last = await positionOf(10);
    await eventually('its position is kept', async () => {
      const kept = await kv.registers.read({ namespace: 'log_relays', name: 'counts to counts' });
      return kept !== null && utf8(kept.value) === last;
    });
    await first.close();
    await append('a', 10, 12);
    const published: number[] = [];
    const counting = {
      publish: (topic: string, records: Parameters<Log['publish']>[1]) => (published.push(records.length), log.publish(topic, records)),
    };
    const second = relay(kv, counting, { namespace: 'counts', topic: 'counts' });
    await eventually('the rest arrives', () => seen.length === 12);
    await second.close();
    // In one publication or in two: what counts is that nothing old is among them.
    assert.equal(
      published.reduce((sum, count) => sum + count, 0),
      2,
    );
  });

  it('tries again when publishing fails, also when it failed half way, and subscribers see each event once', async () => {
    let failures = 0;
    const flaky = {
      async publish(topic: string, records: Parameters<Log['publish']>[1]) {
        if (failures < 3) {
          failures += 1;
          // The records are in, but the publisher does not hear of it.
          await log.publish(topic, records);
          throw new Error('lost the answer');
        }
        return log.publish(topic, records);
      },
    };
    const errors: unknown[] = [];
    const relaying = relay(kv, flaky, { namespace: 'counts', topic: 'counts', failed: (error) => errors.push(error) });
    const { seen, subscription } = collector(log, 'counts', 'g');
    await append('a', 0, 10);
    await eventually('all events arrive', async () => seen.length === 10 && failures === 3 && (await subscription.lag()) === 0);
    await relaying.close();
    assert.deepEqual(
      seen.map(textOf),
      Array.from({ length: 10 }, (_, index) => `a ${index + 1}`),
    );
    assert.equal(errors.length, 3);
  });

  it('does no harm when two relays run', async () => {
    const relays = [relay(kv, log, { namespace: 'counts', topic: 'counts' }), relay(kv, log, { namespace: 'counts', topic: 'counts' })];
    const { seen, subscription } = collector(log, 'counts', 'g');
    await append('a', 0, 30);
    await eventually('all events arrive', async () => seen.length >= 30 && (await subscription.lag()) === 0);
    await Promise.all(relays.map((one) => one.close()));
    assert.deepEqual(
      seen.map(textOf),
      Array.from({ length: 30 }, (_, index) => `a ${index + 1}`),
    );
  });
}
