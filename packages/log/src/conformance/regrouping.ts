import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import type { Log, LogRecord, LogRecordData, LogSubscription } from '../port.ts';
import { collector, eventually, type LogCheck, record, textOf } from './check.ts';

export const regroupingChecks: readonly LogCheck[] = [
  {
    name: 'loses nothing, repeats nothing and keeps the order of each key while members come and go and publishing goes on',
    async run({ log, topic }) {
      const group = watchedGroup(log(), topic);
      const publishing = publishOnAndOn(log(), topic);
      const first = group.join();
      await eventually('the first member handles records', () => group.handledBy(first) > 0);
      const second = group.join();
      await eventually('the second member handles records', () => group.handledBy(second) > 0);
      await first.close();
      const before = group.handledBy(second);
      await eventually('the second member goes on alone', () => group.handledBy(second) > before + 2 * KEYS);
      const third = group.join();
      await eventually('the third member handles records', () => group.handledBy(third) > 0);
      const counts = await publishing.stop();
      await second.close();
      await eventually('all records are handled', async () => (await third.lag()) === 0);
      await third.close();
      assert.deepEqual(group.overlaps, [], 'two members were at work on one key at the same time');
      for (const [key, count] of counts) {
        assert.deepEqual(
          group.handled(key),
          Array.from({ length: count }, (_, index) => index + 1),
          `${key} of ${count}`,
        );
      }
    },
  },
  {
    name: 'drops repetitions of what a group has handled, also after a restart and at a member that took over',
    async run({ log, topic, reopen }) {
      const events = (from: number, to: number): LogRecordData[] =>
        Array.from({ length: to - from + 1 }, (_, index) => event('s', from + index));
      await log().publish(topic, events(1, 50));
      const before = collector(log(), topic, 'g');
      await eventually('the events are handled', async () => before.seen.length === 50 && (await before.subscription.lag()) === 0);
      await before.subscription.close();
      await log().publish(topic, events(1, 60));
      await reopen();
      const member = collector(log(), topic, 'g');
      await eventually('the new events are handled', async () => member.seen.length >= 10 && (await member.subscription.lag()) === 0);
      const successor = collector(log(), topic, 'g');
      await log().publish(topic, events(40, 61));
      await eventually(
        'the last event is handled',
        async () => member.seen.length + successor.seen.length >= 11 && (await member.subscription.lag()) === 0,
      );
      await member.subscription.close();
      await log().publish(topic, events(1, 62));
      await eventually('the successor has it', async () => (await successor.subscription.lag()) === 0);
      const sequences = [...member.seen, ...successor.seen].map(({ origin }) => origin?.sequence);
      assert.deepEqual(
        sequences,
        Array.from({ length: 12 }, (_, index) => index + 51),
      );
      await successor.subscription.close();
    },
  },
  {
    name: 'delivers the first copy of an event however late it comes',
    async run({ log, topic }) {
      const { seen, subscription } = collector(log(), topic, 'g');
      for (const sequence of [1, 2, 5]) await log().publish(topic, [event('s', sequence)]);
      await eventually('the early ones arrive', () => seen.length === 3);
      for (const sequence of [2, 4, 3, 5, 4]) await log().publish(topic, [event('s', sequence)]);
      await eventually('all are handled', async () => (await subscription.lag()) === 0);
      assert.deepEqual(
        seen.map(({ origin }) => origin?.sequence),
        [1, 2, 5, 4, 3],
      );
      await subscription.close();
    },
  },
];

function event(stream: string, sequence: number): LogRecordData {
  return { ...record(stream, `event ${sequence}`), origin: { stream, sequence } };
}

const KEYS = 16;

/** Numbers 1, 2, 3 … under each of some keys, each publication awaited before the next of its key, until stopped. */
function publishOnAndOn(log: Log, topic: string): { stop(): Promise<ReadonlyMap<string, number>> } {
  const stopping = new AbortController();
  const counts = new Map<string, number>();
  const publishers = Array.from({ length: KEYS }, async (_, index) => {
    const key = `k${index}`;
    for (let count = 1; !stopping.signal.aborted; count += 1) {
      await log.publish(topic, [record(key, String(count))]);
      counts.set(key, count);
      await new Promise((resolve) => setTimeout(resolve, PUBLISH_EVERY_MS));
    }
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(publishers);
      return counts;
    },
  };
}

/** Fast enough to be in the way of every change in the group, slow enough not to be what is measured. */
const PUBLISH_EVERY_MS = 20;

/** A group whose members note what they handle, and whether another is at work on the same key meanwhile. */
function watchedGroup(
  log: Log,
  topic: string,
): { join(): LogSubscription; handledBy(member: LogSubscription): number; handled(key: string): number[]; overlaps: readonly string[] } {
  const handled: LogRecord[] = [];
  const counts = new Map<LogSubscription, number>();
  const atWork = new Set<string>();
  const overlaps: string[] = [];
  return {
    overlaps,
    join() {
      const subscription = log.subscribe({ topic, group: 'g' }, async (records) => {
        const keys = new Set(records.map(({ key }) => key));
        overlaps.push(...[...keys].filter((key) => atWork.has(key)));
        for (const key of keys) atWork.add(key);
        await setImmediate();
        handled.push(...records);
        counts.set(subscription, (counts.get(subscription) ?? 0) + records.length);
        for (const key of keys) atWork.delete(key);
      });
      return subscription;
    },
    handledBy: (member) => counts.get(member) ?? 0,
    handled: (key) => handled.filter((one) => one.key === key).map((one) => Number(textOf(one))),
  };
}
