import assert from 'node:assert/strict';
import { bytes } from '@bioscope/kv';
import type { LogRecord } from '../port.ts';
import { collector, eventually, type LogCheck, numbered, record, textOf } from './check.ts';

export const deliveryChecks: readonly LogCheck[] = [
  {
    name: 'delivers what was published, before and after subscribing, whole',
    async run({ log, topic }) {
      const before = Date.now();
      await log().publish(topic, [{ key: 'k', type: 'said', value: bytes('one'), origin: { stream: 's', sequence: 7 } }]);
      const { seen, subscription } = collector(log(), topic, 'g');
      await eventually('the first record arrives', () => seen.length === 1);
      await log().publish(topic, [record('k', 'two')]);
      await eventually('the second record arrives', () => seen.length === 2);
      const [first, second] = seen;
      assert.ok(first !== undefined && second !== undefined);
      assert.deepEqual(
        [first.topic, first.key, first.type, textOf(first), first.origin],
        [topic, 'k', 'said', 'one', { stream: 's', sequence: 7 }],
      );
      assert.ok(first.recordedAtMs >= before - 1_000 && first.recordedAtMs <= Date.now() + 1_000);
      assert.equal(second.origin, undefined);
      assert.equal(second.partition, first.partition);
      assert.ok(second.offset > first.offset);
      await subscription.close();
    },
  },
  {
    name: 'keeps the order of each key over many publishers and batches',
    async run({ log, topic }) {
      const { seen, subscription } = collector(log(), topic, 'g');
      await Promise.all(
        Array.from({ length: 20 }, async (_, publisher) => {
          for (let index = 0; index < 10; index += 1) {
            await log().publish(topic, [record(`k${publisher}`, `${index * 2}`), record(`k${publisher}`, `${index * 2 + 1}`)]);
          }
        }),
      );
      await eventually('all records arrive', () => seen.length >= 400);
      for (let publisher = 0; publisher < 20; publisher += 1) {
        const texts = seen.filter(({ key }) => key === `k${publisher}`).map(textOf);
        assert.deepEqual(
          texts,
          Array.from({ length: 20 }, (_, index) => String(index)),
        );
      }
      await subscription.close();
    },
  },
  {
    name: 'gives every group all records, and each record to one member of a group',
    async run({ log, topic }) {
      const one = collector(log(), topic, 'shared');
      const two = collector(log(), topic, 'shared');
      const other = collector(log(), topic, 'other');
      await eventually('both members have joined', async () => {
        await log().publish(topic, numbered(40, 40));
        return one.seen.length > 0 && two.seen.length > 0;
      });
      await eventually(
        'the groups have caught up',
        async () => (await one.subscription.lag()) === 0 && (await other.subscription.lag()) === 0,
      );
      const shared = [...one.seen, ...two.seen].map(at);
      assert.equal(new Set(shared).size, shared.length, 'a record went to both members');
      assert.deepEqual(shared.toSorted(), other.seen.map(at).toSorted());
      await Promise.all([one, two, other].map(({ subscription }) => subscription.close()));
    },
  },
  {
    name: 'starts a new group where it asks, and an old one where it stopped, also after a restart',
    async run({ log, topic, reopen }) {
      await log().publish(topic, [record('k', 'before')]);
      const earliest = collector(log(), topic, 'earliest');
      const latest = collector(log(), topic, 'latest', 'latest');
      await eventually('the old record arrives', () => earliest.seen.length === 1);
      await eventually('the late group has joined', async () => (await latest.subscription.lag()) === 0);
      await log().publish(topic, [record('k', 'after')]);
      await eventually('the new record arrives', () => earliest.seen.length === 2 && latest.seen.length === 1);
      assert.deepEqual(latest.seen.map(textOf), ['after']);
      await Promise.all([earliest.subscription.close(), latest.subscription.close()]);
      await reopen();
      await log().publish(topic, [record('k', 'later')]);
      const again = collector(log(), topic, 'earliest');
      await eventually('the group goes on', () => again.seen.length > 0);
      assert.deepEqual(again.seen.map(textOf), ['later']);
      await again.subscription.close();
    },
  },
  {
    name: 'delivers an event of one origin once to a group, however often it is published',
    async run({ log, topic, reopen }) {
      const event = (sequence: number): ReturnType<typeof record> & { origin: { stream: string; sequence: number } } => ({
        ...record('k', `event ${sequence}`),
        origin: { stream: 's', sequence },
      });
      await log().publish(topic, [event(1), event(2)]);
      await log().publish(topic, [event(1), event(2), event(3)]);
      await reopen();
      await log().publish(topic, [event(2), event(3), event(4)]);
      // Another stream's events, and records without an origin, have nothing to do with it.
      await log().publish(topic, [
        { ...record('k', 'other stream'), origin: { stream: 's2', sequence: 1 } },
        record('k', 'same'),
        record('k', 'same'),
      ]);
      const { seen, subscription } = collector(log(), topic, 'g');
      await eventually('all records arrive', async () => seen.length > 0 && (await subscription.lag()) === 0);
      assert.deepEqual(seen.map(textOf), ['event 1', 'event 2', 'event 3', 'event 4', 'other stream', 'same', 'same']);
      await subscription.close();
    },
  },
  {
    name: 'tells how far a group is behind: what a handler works on counts',
    async run({ log, topic }) {
      let open: () => void = () => {};
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      let entered = false;
      await log().publish(topic, numbered(30));
      const subscription = log().subscribe({ topic, group: 'g' }, () => {
        entered = true;
        return gate;
      });
      await eventually('the handler is at work', () => entered);
      // However long the handler takes and whatever is written meanwhile, nothing counts as handled before it is done.
      for (let round = 1; round <= 10; round += 1) {
        await log().publish(topic, [record('k0', 'meanwhile')]);
        assert.equal(await subscription.lag(), 30 + round);
      }
      open();
      await eventually('the lag goes', async () => (await subscription.lag()) === 0);
      await subscription.close();
    },
  },
  {
    name: 'delivers nothing once closed, and finishes what was under way',
    async run({ log, topic }) {
      let finished = 0;
      const subscription = log().subscribe({ topic, group: 'g' }, async (records) => {
        await new Promise((resolve) => setImmediate(resolve));
        finished += records.length;
      });
      await log().publish(topic, [record('k', 'one')]);
      await eventually('the record is handled', () => finished === 1);
      await subscription.close();
      await log().publish(topic, [record('k', 'two')]);
      const next = collector(log(), topic, 'g');
      await eventually('another member gets it', () => next.seen.length === 1);
      assert.equal(finished, 1);
      assert.deepEqual(next.seen.map(textOf), ['two'], 'the first record was not committed');
      await next.subscription.close();
    },
  },
];

function at({ partition, offset }: LogRecord): string {
  return `${partition}/${offset}`;
}
