import assert from 'node:assert/strict';
import type { Appended } from '../port.ts';
import { bytes, utf8 } from '../text.ts';
import { all, type KvCheck, type KvSubject } from './check.ts';
import { HOSTILE_NAMES } from './samples.ts';

export const streamChecks: readonly KvCheck[] = [
  {
    name: 'appends under the expected version and numbers events 1, 2, 3 …',
    async run(subject) {
      assert.deepEqual(await read(subject, 's'), { version: 0, events: [] });
      const before = Date.now();
      assert.deepEqual(await append(subject, 's', 0, ['a', 'b'], 'c1'), { kind: 'appended', version: 2, repeated: false });
      assert.deepEqual(await append(subject, 's', 2, ['c'], 'c2'), { kind: 'appended', version: 3, repeated: false });
      const { events } = await subject.store().streams.read({ namespace: subject.namespace, stream: 's' });
      assert.deepEqual(
        events.map(({ stream, sequence, type, data, commandId }) => [stream, sequence, type, utf8(data), commandId]),
        [
          ['s', 1, 'happened', 'a', 'c1'],
          ['s', 2, 'happened', 'b', 'c1'],
          ['s', 3, 'happened', 'c', 'c2'],
        ],
      );
      for (const { recordedAtMs } of events) assert.ok(recordedAtMs >= before - 1_000 && recordedAtMs <= Date.now() + 1_000);
    },
  },
  {
    name: 'says the version also where the events end with a page of the engine',
    async run(subject) {
      const texts = Array.from({ length: 64 }, (_, index) => `e${index}`);
      await append(subject, 's', 0, texts, 'c1');
      assert.deepEqual(await read(subject, 's'), { version: 64, events: texts });
    },
  },
  {
    name: 'refuses an append that expects fewer or more events than there are, and adds nothing',
    async run(subject) {
      await append(subject, 's', 0, ['a', 'b'], 'c1');
      assert.deepEqual(await append(subject, 's', 0, ['x'], 'c2'), { kind: 'conflict', version: 2 });
      assert.deepEqual(await append(subject, 's', 1, ['x'], 'c3'), { kind: 'conflict', version: 2 });
      assert.deepEqual(await append(subject, 's', 3, ['x'], 'c4'), { kind: 'conflict', version: 2 });
      assert.deepEqual(await read(subject, 's'), { version: 2, events: ['a', 'b'] });
    },
  },
  {
    name: 'adds nothing when a command is sent again, also after others and after a restart, and answers with its version',
    async run(subject) {
      await append(subject, 's', 0, ['a', 'b'], 'c1');
      await append(subject, 's', 2, ['c'], 'c2');
      await subject.reopen();
      assert.deepEqual(await append(subject, 's', 0, ['a', 'b'], 'c1'), { kind: 'appended', version: 2, repeated: true });
      assert.deepEqual(await append(subject, 's', 2, ['c'], 'c2'), { kind: 'appended', version: 3, repeated: true });
      assert.deepEqual(await read(subject, 's'), { version: 3, events: ['a', 'b', 'c'] });
      assert.deepEqual(await append(subject, 'other', 0, ['z'], 'c1'), { kind: 'appended', version: 1, repeated: false });
    },
  },
  {
    name: 'lets one of many concurrent writers that expect the same version succeed',
    async run(subject) {
      const results = await all(50, (index) => append(subject, 's', 0, [`${index}.1`, `${index}.2`], `c${index}`));
      const winners = results.flatMap((result, index) => (result.kind === 'appended' ? [index] : []));
      assert.equal(winners.length, 1, `${winners.length} writers succeeded`);
      assert.deepEqual(await read(subject, 's'), { version: 2, events: [`${winners[0]}.1`, `${winners[0]}.2`] });
    },
  },
  {
    name: 'loses and repeats nothing when two writers with retries share a stream',
    async run(subject) {
      await all(2, async (writer) => {
        let version = 0;
        for (let index = 0; index < 25;) {
          const result = await append(subject, 's', version, [`${writer}.${index}`], `${writer}.${index}`);
          version = result.version;
          if (result.kind === 'appended') index += 1;
        }
      });
      const { events } = await read(subject, 's');
      assert.equal(events.length, 50);
      for (const writer of [0, 1]) {
        const own = events.filter((event) => event.startsWith(`${writer}.`));
        assert.deepEqual(
          own,
          Array.from({ length: 25 }, (_, index) => `${writer}.${index}`),
        );
      }
    },
  },
  {
    name: 'appends a command once when it is sent many times at the same time',
    async run(subject) {
      const results = await all(20, () => append(subject, 's', 0, ['a'], 'same'));
      assert.ok(results.every((result) => result.kind === 'appended' && result.version === 1));
      assert.equal(results.filter((result) => result.kind === 'appended' && !result.repeated).length, 1);
      assert.deepEqual(await read(subject, 's'), { version: 1, events: ['a'] });
    },
  },
  {
    name: 'reads on from a sequence, a bounded number at a time, and always tells the head',
    async run(subject) {
      await append(
        subject,
        's',
        0,
        Array.from({ length: 100 }, (_, index) => `${index}`),
        'c1',
      );
      assert.deepEqual(await read(subject, 's', 98), { version: 100, events: ['98', '99'] });
      assert.deepEqual(await read(subject, 's', 10, 2), { version: 100, events: ['10', '11'] });
      assert.deepEqual(await read(subject, 's', 100), { version: 100, events: [] });
      assert.deepEqual(await read(subject, 's', 1000), { version: 100, events: [] });
    },
  },
  {
    name: 'keeps hostile stream and command ids apart, empty and large data whole',
    async run(subject) {
      for (const name of HOSTILE_NAMES) assert.equal((await append(subject, name, 0, [name], name)).kind, 'appended');
      await append(subject, 'sizes', 0, ['', 'x'.repeat(256 * 1024)], 'c');
      await subject.reopen();
      for (const name of HOSTILE_NAMES) assert.deepEqual(await read(subject, name), { version: 1, events: [name] });
      assert.deepEqual(
        (await read(subject, 'sizes')).events.map(({ length }) => length),
        [0, 256 * 1024],
      );
    },
  },
];

function append(
  { store, namespace }: KvSubject,
  stream: string,
  expectedVersion: number,
  data: readonly string[],
  commandId: string,
): Promise<Appended> {
  const events = data.map((text) => ({ type: 'happened', data: bytes(text) }));
  return store().streams.append({ namespace, stream, expectedVersion, events, commandId });
}

async function read(
  { store, namespace }: KvSubject,
  stream: string,
  after = 0,
  eventsMax = 1_000,
): Promise<{ version: number; events: readonly string[] }> {
  const { version, events } = await store().streams.read({ namespace, stream, after, eventsMax });
  assert.deepEqual(
    events.map(({ sequence }) => sequence),
    events.map((_, index) => after + index + 1),
    'a gap in the sequence',
  );
  return { version, events: events.map(({ data }) => utf8(data)) };
}
