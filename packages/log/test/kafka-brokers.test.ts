import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { type EngineForTests, engineForTests, engineMissing, type EngineNode } from '@bioscope/engines/testing';
import { eventually } from '../src/conformance/check.ts';
import type { Log } from '../src/port.ts';
import { countUp, type Counting, numberOf } from './kafka-workload.ts';
import { openOwnTopics } from './own-topics.ts';

const PUBLISH_MS_MAX = 10_000;
/** Brokers are declared dead after six seconds in these tests' cluster; a busy machine takes its time with the rest. */
const GO_ON_MS_MAX = 90_000;
const KEYS = 12;

describe('the Kafka log on three brokers', { skip: engineMissing('kafka', { nodes: 3 }), timeout: 20 * 60_000 }, () => {
  let kafka: EngineForTests<'kafka'>;
  let log: Log;
  before(async () => {
    kafka = await engineForTests('kafka', { nodes: 3 });
    log = await openOwnTopics(kafka.addresses.bootstrap, { publishMsMax: PUBLISH_MS_MAX })();
  });
  after(async () => {
    await log.close();
    await kafka.release();
  });

  /** Counts up while `harm` is done, then lets all be handled, and looks at what a subscriber that lived through it has seen. */
  async function survives(topic: string, harm: (goesOn: (what: string) => Promise<void>) => Promise<void>): Promise<Counting> {
    const seen = new Map<string, number[]>();
    let handled = 0;
    const subscription = log.subscribe({ topic, group: 'g' }, async (records) => {
      for (const record of records) seen.set(record.key, [...(seen.get(record.key) ?? []), numberOf(record)]);
      handled += records.length;
    });
    const counting = countUp(log, topic, { keys: KEYS });
    const goesOn = async (what: string): Promise<void> => {
      const before = { published: new Map(counting.acknowledged), handled };
      await eventually(`every key is published to again ${what}`, () => isBeyond(counting.acknowledged, before.published), GO_ON_MS_MAX);
      await eventually(`records are handled again ${what}`, () => handled > before.handled, GO_ON_MS_MAX);
    };
    await goesOn('at the beginning');
    await harm(goesOn);
    await counting.stop();
    await eventually('all are handled', async () => (await subscription.lag().catch(() => Infinity)) === 0, GO_ON_MS_MAX);
    await subscription.close();
    for (const [key, count] of counting.acknowledged) {
      const numbers = seen.get(key) ?? [];
      assert.deepEqual(
        numbers,
        Array.from({ length: Math.max(count, numbers.length) }, (_, index) => index + 1),
        `${key}: lost, repeated or out of order`,
      );
      // The last publication may have been written without our hearing of it.
      assert.ok(numbers.length <= count + 1, `${key}: ${numbers.length} seen, ${count} acknowledged`);
    }
    for (const { code, tookMs } of counting.failures) {
      assert.ok(code === 'KV_DEADLINE' || code === 'KV_UNAVAILABLE', code);
      assert.ok(tookMs < PUBLISH_MS_MAX + 2_000, `a publication took ${tookMs} ms to fail`);
    }
    return counting;
  }

  it('loses and repeats nothing when one broker after the other is killed, and goes on with two', async (test) => {
    const counting = await survives('killed', async (goesOn) => {
      for (const broker of kafka.nodes) {
        await broker.kill();
        await goesOn(`without ${broker.name}`);
        await broker.start();
        await goesOn(`with ${broker.name} again`);
      }
    });
    test.diagnostic(`${counting.total()} published, ${counting.failures.length} failures told`);
  });

  it('loses and repeats nothing when one broker after the other hangs, and goes on with two', async (test) => {
    const counting = await survives('hanging', async (goesOn) => {
      for (const broker of kafka.nodes) {
        await broker.pause();
        await goesOn(`while ${broker.name} hangs`);
        broker.resume();
        await goesOn(`with ${broker.name} again`);
      }
    });
    test.diagnostic(`${counting.total()} published, ${counting.failures.length} failures told`);
  });

  it('loses and repeats nothing while a broker flaps', async (test) => {
    const [broker] = kafka.nodes;
    assert.ok(broker !== undefined);
    const counting = await survives('flapping', async (goesOn) => {
      for (let round = 0; round < 6; round += 1) await flap(broker, round);
      await goesOn('after it');
    });
    test.diagnostic(`${counting.total()} published, ${counting.failures.length} failures told`);
  });
});

/** Shorter and longer than it takes to be declared dead. */
async function flap(broker: EngineNode, round: number): Promise<void> {
  await broker.pause();
  await setTimeout(round % 2 === 0 ? 1_000 : 7_000);
  broker.resume();
  await setTimeout(1_500);
}

function isBeyond(now: ReadonlyMap<string, number>, before: ReadonlyMap<string, number>): boolean {
  // Twice, because one may have been on its way already.
  return now.size === KEYS && [...now].every(([key, count]) => count >= (before.get(key) ?? 0) + 2);
}
