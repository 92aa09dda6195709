import assert from 'node:assert/strict';
import { LIMITS } from '../limits.ts';
import { KvFault, type KvFaultCode, type KvStore } from '../port.ts';
import { bytes } from '../text.ts';
import { newToken } from '../token.ts';
import type { KvCheck } from './check.ts';
import { putTexts, texts } from './samples.ts';

type Attempt = readonly [what: string, attempt: (store: KvStore, namespace: string) => Promise<unknown>];

const one = (key: number, value = 0): { key: Uint8Array; value: Uint8Array } => ({
  key: new Uint8Array(key),
  value: new Uint8Array(value),
});
const event = (size = 0): { type: string; data: Uint8Array } => ({ type: 't', data: new Uint8Array(size) });

const BAD: readonly Attempt[] = [
  ...['', 'A', '1a', 'a-b', 'a b', `a${'b'.repeat(48)}`, "a'; --"].map((namespace): Attempt => [
    `namespace ${JSON.stringify(namespace)}`,
    (store) => store.items.get({ namespace, record: 'r' }),
  ]),
  ...['', 'x'.repeat(513), 'é'.repeat(257), '\ud800'].map((name): Attempt => [
    `record of ${name.length} characters`,
    (store, namespace) => store.items.get({ namespace, record: name }),
  ]),
  ['an empty register name', (store, namespace) => store.registers.read({ namespace, name: '' })],
  ['an empty stream id', (store, namespace) => store.streams.read({ namespace, stream: '' })],
  ['an empty command id', (store, namespace) => store.registers.create({ namespace, name: 'r', value: bytes(''), commandId: '' })],
  ['a key of 1 025 bytes', (store, namespace) => store.items.put({ namespace, record: 'r', items: [one(1_025)], token: newToken() })],
  ['no items', (store, namespace) => store.items.put({ namespace, record: 'r', items: [], token: newToken() })],
  ['a key twice', (store, namespace) => store.items.put({ namespace, record: 'r', items: [one(1), one(1)], token: newToken() })],
  [
    'a nonce in capitals',
    (store, namespace) => store.items.put({ namespace, record: 'r', items: [one(1)], token: { timeUs: 1, nonce: 'A'.repeat(32) } }),
  ],
  [
    'a token time with a fraction',
    (store, namespace) => store.items.put({ namespace, record: 'r', items: [one(1)], token: { ...newToken(), timeUs: 1.5 } }),
  ],
  [
    'a token two days ahead',
    (store, namespace) =>
      store.items.put({ namespace, record: 'r', items: [one(1)], token: { ...newToken(), timeUs: (Date.now() + 2 * 86_400_000) * 1000 } }),
  ],
  [
    'a time to live of 0',
    (store, namespace) => store.items.put({ namespace, record: 'r', items: [{ ...one(1), ttlMs: 0 }], token: newToken() }),
  ],
  ['a foreign cursor', (store, namespace) => store.items.get({ namespace, record: 'r', page: { cursor: '!' } })],
  ['a foreign scan cursor', (store, namespace) => store.items.scan({ namespace, page: { cursor: 'nonsense' } })],
  ['a page of no items', (store, namespace) => store.items.get({ namespace, record: 'r', page: { itemsMax: 0 } })],
  [
    'a deletion of a range that ends before it starts',
    (store, namespace) =>
      store.items.delete({ namespace, record: 'r', select: { kind: 'range', from: bytes('b'), to: bytes('a') }, token: newToken() }),
  ],
  [
    'an expected version of 0',
    (store, namespace) => store.registers.compareAndSet({ namespace, name: 'r', expectedVersion: 0, value: bytes(''), commandId: 'c' }),
  ],
  ['a lease of 0 ms', (store, namespace) => store.registers.acquireLease({ namespace, name: 'l', holder: 'h', ttlMs: 0 })],
  ['a lease without holder', (store, namespace) => store.registers.acquireLease({ namespace, name: 'l', holder: '', ttlMs: 1000 })],
  ['no events', (store, namespace) => store.streams.append({ namespace, stream: 's', expectedVersion: 0, events: [], commandId: 'c' })],
  [
    'a negative version',
    (store, namespace) => store.streams.append({ namespace, stream: 's', expectedVersion: -1, events: [event()], commandId: 'c' }),
  ],
];

const TOO_LARGE: readonly Attempt[] = [
  [
    'a value over 16 MiB',
    (store, namespace) => store.items.put({ namespace, record: 'r', items: [one(1, LIMITS.valueBytesMax + 1)], token: newToken() }),
  ],
  [
    '1 001 items',
    (store, namespace) =>
      store.items.put({
        namespace,
        record: 'r',
        items: Array.from({ length: 1_001 }, (_, index) => one(index % 1_000)),
        token: newToken(),
      }),
  ],
  [
    'a register over 64 KiB',
    (store, namespace) => store.registers.create({ namespace, name: 'r', value: new Uint8Array(65_537), commandId: 'c' }),
  ],
  [
    '101 events',
    (store, namespace) =>
      store.streams.append({
        namespace,
        stream: 's',
        expectedVersion: 0,
        events: Array.from({ length: 101 }, () => event()),
        commandId: 'c',
      }),
  ],
  [
    'events over 4 MiB together',
    (store, namespace) =>
      store.streams.append({
        namespace,
        stream: 's',
        expectedVersion: 0,
        events: Array.from({ length: 17 }, () => event(250 * 1024)),
        commandId: 'c',
      }),
  ],
  [
    'an event over 256 KiB',
    (store, namespace) => store.streams.append({ namespace, stream: 's', expectedVersion: 0, events: [event(262_145)], commandId: 'c' }),
  ],
];

export const limitChecks: readonly KvCheck[] = [
  {
    name: 'refuses bad requests with KV_BAD_REQUEST and what is wrong, and does nothing',
    run: ({ store, namespace }) => refuses(store(), namespace, BAD, 'KV_BAD_REQUEST'),
  },
  {
    name: 'refuses what is too large with KV_TOO_LARGE, and does nothing',
    run: ({ store, namespace }) => refuses(store(), namespace, TOO_LARGE, 'KV_TOO_LARGE'),
  },
  {
    name: 'takes what is just within the limits',
    async run({ store, namespace }) {
      const items = Array.from({ length: 1_000 }, (_, index) => ({ key: bytes(`${index}`), value: new Uint8Array(10) }));
      await store().items.put({ namespace, record: 'x'.repeat(512), items, token: newToken() });
      assert.equal((await store().items.get({ namespace, record: 'x'.repeat(512) })).items.length, 1_000);
      const value = new Uint8Array(65_536).fill(7);
      await store().registers.create({ namespace, name: 'r', value, commandId: 'c' });
      assert.deepEqual((await store().registers.read({ namespace, name: 'r' }))?.value, value);
    },
  },
  {
    name: 'does not let one bad request disturb those sent with it',
    async run({ store, namespace }) {
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => {
          if (index % 2 === 0) return putTexts(store(), namespace, 'r', { [`k${index}`]: 'v' }, newToken());
          return store().items.delete({
            namespace,
            record: 'r',
            select: { kind: 'range', from: bytes('b'), to: bytes('a') },
            token: newToken(),
          });
        }),
      );
      assert.deepEqual(
        results.map(({ status }) => status),
        Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? 'fulfilled' : 'rejected')),
      );
      assert.equal(Object.keys(await texts(store(), namespace, 'r')).length, 10);
    },
  },
  {
    name: 'settles every call at its deadline or when its signal aborts',
    async run({ store, namespace }) {
      const aborted = AbortSignal.abort(new Error('changed my mind'));
      await assert.rejects(store().items.get({ namespace, record: 'r' }, { signal: aborted }), hasCode('KV_DEADLINE'));
      const controller = new AbortController();
      const call = store().items.put(
        { namespace, record: 'r', items: [one(1, 1024 * 1024)], token: newToken() },
        { signal: controller.signal },
      );
      controller.abort();
      await assert.rejects(call, hasCode('KV_DEADLINE'));
      // However fast the engine, sixteen megabytes on disk take longer than this.
      const slow = store().items.put(
        { namespace, record: 'r', items: [one(1, LIMITS.valueBytesMax)], token: newToken() },
        { deadlineMs: 0.01 },
      );
      await assert.rejects(slow, hasCode('KV_DEADLINE'));
    },
  },
];

async function refuses(store: KvStore, namespace: string, attempts: readonly Attempt[], code: KvFaultCode): Promise<void> {
  for (const [what, attempt] of attempts) await assert.rejects(attempt(store, namespace), hasCode(code), what);
  assert.deepEqual(await texts(store, namespace, 'r'), {});
  assert.equal(await store.registers.read({ namespace, name: 'r' }), null);
  assert.equal((await store.streams.read({ namespace, stream: 's' })).version, 0);
}

function hasCode(code: KvFaultCode): (error: unknown) => boolean {
  return (error) => error instanceof KvFault && error.code === code && error.message.length > 10;
}
