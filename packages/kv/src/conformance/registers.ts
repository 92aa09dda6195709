import assert from 'node:assert/strict';
import type { RegisterCreated, RegisterSet } from '../port.ts';
import { bytes, utf8 } from '../text.ts';
import { all, type KvCheck, type KvSubject } from './check.ts';
import { HOSTILE_NAMES } from './samples.ts';

export const registerChecks: readonly KvCheck[] = [
  {
    name: 'creates a register once; versions start at 1 and grow by 1',
    async run(subject) {
      assert.equal(await readText(subject, 'r'), null);
      assert.deepEqual(await create(subject, 'r', 'first', 'c1'), { kind: 'created', version: 1 });
      assert.deepEqual(await create(subject, 'r', 'second', 'c2'), { kind: 'exists', current: { value: bytes('first'), version: 1 } });
      assert.deepEqual(await set(subject, 'r', 1, 'third', 'c3'), { kind: 'set', version: 2 });
      assert.equal(await readText(subject, 'r'), 'third@2');
    },
  },
  {
    name: 'sets only under the expected version and says what is there instead',
    async run(subject) {
      assert.deepEqual(await set(subject, 'r', 1, 'x', 'c0'), { kind: 'conflict', current: null });
      await create(subject, 'r', 'a', 'c1');
      assert.deepEqual(await set(subject, 'r', 2, 'x', 'c2'), { kind: 'conflict', current: { value: bytes('a'), version: 1 } });
      assert.deepEqual(await remove(subject, 'r', 7, 'c3'), { kind: 'conflict', current: { value: bytes('a'), version: 1 } });
      assert.equal(await readText(subject, 'r'), 'a@1');
    },
  },
  {
    name: 'answers a repeated command as it did the first time, whatever happened since, also after a restart',
    async run(subject) {
      const created = await create(subject, 'r', 'a', 'create');
      const changed = await set(subject, 'r', 1, 'b', 'set');
      const removed = await remove(subject, 'r', 2, 'remove');
      await subject.reopen();
      assert.deepEqual(await create(subject, 'r', 'a', 'create'), created);
      assert.deepEqual(await set(subject, 'r', 1, 'b', 'set'), changed);
      assert.deepEqual(await remove(subject, 'r', 2, 'remove'), removed);
      assert.equal(await readText(subject, 'r'), null, 'a repeated command did something');
    },
  },
  {
    name: 'refuses a refused command again while what stands against it stands',
    async run(subject) {
      await create(subject, 'r', 'a', 'create');
      const refused = await create(subject, 'r', 'b', 'refused');
      const conflict = await set(subject, 'r', 7, 'c', 'conflict');
      assert.deepEqual([refused.kind, conflict.kind], ['exists', 'conflict']);
      await subject.reopen();
      assert.deepEqual(await create(subject, 'r', 'b', 'refused'), refused);
      assert.deepEqual(await set(subject, 'r', 7, 'c', 'conflict'), conflict);
      assert.equal(await readText(subject, 'r'), 'a@1');
    },
  },
  {
    name: 'goes on counting after a removal, so that who saw the old register cannot overwrite its successor',
    async run(subject) {
      await create(subject, 'r', 'old', 'c1');
      assert.equal((await remove(subject, 'r', 1, 'c2')).kind, 'set');
      assert.equal(await readText(subject, 'r'), null);
      assert.equal((await create(subject, 'r', 'new', 'c3')).kind, 'created');
      assert.equal((await set(subject, 'r', 1, 'overwritten', 'c4')).kind, 'conflict');
      assert.match((await readText(subject, 'r')) ?? '', /^new@/);
    },
  },
  {
    name: 'lets exactly one of a hundred concurrent creators succeed',
    async run(subject) {
      const results = await all(100, (index) => create(subject, 'r', `by ${index}`, `c${index}`));
      const winners = results.flatMap((result, index) => (result.kind === 'created' ? [`by ${index}`] : []));
      assert.equal(winners.length, 1, `${winners.length} creators succeeded`);
      for (const result of results) if (result.kind === 'exists') assert.equal(utf8(result.current.value), winners[0]);
    },
  },
  {
    name: 'counts correctly when fifty callers increase one register at the same time',
    async run(subject) {
      await create(subject, 'counter', '0', 'start');
      await all(50, async (index) => {
        for (let attempt = 0; attempt < 200; attempt += 1) {
          const current = await subject.store().registers.read({ namespace: subject.namespace, name: 'counter' });
          assert.ok(current !== null);
          const next = String(Number(utf8(current.value)) + 1);
          if ((await set(subject, 'counter', current.version, next, `c${index}.${attempt}`)).kind === 'set') return;
        }
        assert.fail('a caller never got its turn');
      });
      assert.equal(await readText(subject, 'counter'), '50@51');
    },
  },
  {
    name: 'applies a command once when it is sent many times at the same time',
    async run(subject) {
      const results = await all(20, () => create(subject, 'r', 'v', 'same'));
      assert.ok(results.every((result) => result.kind === 'created' && result.version === 1));
      const sets = await all(20, () => set(subject, 'r', 1, 'w', 'same set'));
      assert.ok(sets.every((result) => result.kind === 'set' && result.version === 2));
      assert.equal(await readText(subject, 'r'), 'w@2');
    },
  },
  {
    name: 'keeps hostile register names and empty values apart, also after a restart',
    async run(subject) {
      for (const name of HOSTILE_NAMES) await create(subject, name, name.slice(0, 4), name);
      await create(subject, 'empty', '', 'c');
      await subject.reopen();
      for (const name of HOSTILE_NAMES) assert.equal(await readText(subject, name), `${name.slice(0, 4)}@1`);
      assert.equal(await readText(subject, 'empty'), '@1');
    },
  },
];

async function readText({ store, namespace }: KvSubject, name: string): Promise<string | null> {
  const register = await store().registers.read({ namespace, name });
  return register === null ? null : `${Buffer.from(register.value).toString()}@${register.version}`;
}

function create({ store, namespace }: KvSubject, name: string, value: string, commandId: string): Promise<RegisterCreated> {
  return store().registers.create({ namespace, name, value: bytes(value), commandId });
}

function set(
  { store, namespace }: KvSubject,
  name: string,
  expectedVersion: number,
  value: string,
  commandId: string,
): Promise<RegisterSet> {
  return store().registers.compareAndSet({ namespace, name, expectedVersion, value: bytes(value), commandId });
}

function remove({ store, namespace }: KvSubject, name: string, expectedVersion: number, commandId: string): Promise<RegisterSet> {
  return store().registers.remove({ namespace, name, expectedVersion, commandId });
}
