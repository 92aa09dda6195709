import assert from 'node:assert/strict';
import type { StreamEvent } from '../port.ts';
import { bytes } from '../text.ts';
import { all, eventually, type KvCheck, type KvSubject } from './check.ts';

export const subscriptionChecks: readonly KvCheck[] = [
  {
    name: 'delivers every event of the namespace, old and new, in order per stream, and of no other',
    async run(subject) {
      await append(subject, 'old', 0);
      await subject.store().streams.append({ ...elsewhere(subject), stream: 'x', expectedVersion: 0, events: [event], commandId: 'c' });
      const seen: StreamEvent[] = [];
      const subscription = subject.store().streams.subscribe({ namespace: subject.namespace, after: null }, async (events) => {
        seen.push(...events);
      });
      await all(10, async (stream) => {
        for (let version = 0; version < 20; version += 1) await append(subject, `s${stream}`, version);
      });
      await eventually(
        'all events arrive',
        async () => distinct(seen).size,
        (count) => count === 201,
      );
      await subscription.close();
      await subscription.ended;
      assert.ok(seen.every(({ stream }) => stream !== 'x'));
      assertOrdered(seen);
    },
  },
  {
    name: 'goes on from a position, also after a restart, missing nothing',
    async run(subject) {
      for (let version = 0; version < 10; version += 1) await append(subject, 's', version);
      const first = await collect(subject, null, 10);
      const middle = first.find(({ sequence }) => sequence === 4);
      assert.ok(middle !== undefined);
      await subject.reopen();
      const rest = await collect(subject, middle.position, 6);
      assert.ok([5, 6, 7, 8, 9, 10].every((sequence) => rest.some((event) => event.sequence === sequence)));
      assertOrdered(rest);
    },
  },
  {
    name: 'wakes a subscriber for each commit, one delivery at a time',
    async run(subject) {
      let running = 0;
      let overlapped = false;
      const seen: number[] = [];
      const subscription = subject.store().streams.subscribe({ namespace: subject.namespace, after: null }, async (events) => {
        running += 1;
        overlapped ||= running > 1;
        await new Promise((resolve) => setImmediate(resolve));
        seen.push(...events.map(({ sequence }) => sequence));
        running -= 1;
      });
      for (let version = 0; version < 20; version += 1) {
        await append(subject, 's', version);
        await eventually(
          'the event arrives',
          async () => seen.at(-1),
          (last) => last === version + 1,
        );
      }
      await subscription.close();
      assert.equal(overlapped, false);
    },
  },
  {
    name: 'ends with the fault of a handler that rejects, and delivers nothing more',
    async run(subject) {
      let deliveries = 0;
      const subscription = subject.store().streams.subscribe({ namespace: subject.namespace, after: null }, async () => {
        deliveries += 1;
        throw new Error('the handler is broken');
      });
      await append(subject, 's', 0);
      await assert.rejects(subscription.ended, /the handler is broken/);
      await append(subject, 's', 1);
      assert.equal(deliveries, 1);
      await subscription.close();
    },
  },
  {
    name: 'delivers nothing once closed',
    async run(subject) {
      const seen: StreamEvent[] = [];
      const subscription = subject.store().streams.subscribe({ namespace: subject.namespace, after: null }, async (events) => {
        seen.push(...events);
      });
      await append(subject, 's', 0);
      await eventually(
        'the first event arrives',
        async () => seen.length,
        (count) => count === 1,
      );
      await subscription.close();
      await append(subject, 's', 1);
      await collect(subject, null, 2);
      assert.equal(seen.length, 1);
    },
  },
];

const event = { type: 'happened', data: bytes('x') };

function elsewhere({ namespace }: KvSubject): { namespace: string } {
  return { namespace: `${namespace}_other` };
}

async function append({ store, namespace }: KvSubject, stream: string, version: number): Promise<void> {
  const result = await store().streams.append({ namespace, stream, expectedVersion: version, events: [event], commandId: `c${version}` });
  assert.equal(result.kind, 'appended');
}

/** Subscribes until so many different events have come. */
async function collect({ store, namespace }: KvSubject, after: string | null, count: number): Promise<StreamEvent[]> {
  const seen: StreamEvent[] = [];
  const subscription = store().streams.subscribe({ namespace, after }, async (events) => {
    seen.push(...events);
  });
  await eventually(
    `${count} events arrive`,
    async () => distinct(seen).size,
    (size) => size >= count,
  );
  await subscription.close();
  return seen;
}

function distinct(events: readonly StreamEvent[]): Set<string> {
  return new Set(events.map(({ stream, sequence }) => `${stream}/${sequence}`));
}

/** At least once, so an event may repeat; but never before its predecessor was seen. */
function assertOrdered(events: readonly StreamEvent[]): void {
  const last = new Map<string, number>();
  for (const { stream, sequence } of events) {
    const before = last.get(stream);
    assert.ok(before === undefined || sequence <= before + 1, `${stream}: ${sequence} after ${before}`);
    last.set(stream, Math.max(before ?? 0, sequence));
  }
}
