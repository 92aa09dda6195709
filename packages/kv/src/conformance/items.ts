import assert from 'node:assert/strict';
import type { Selection, WriteToken } from '../port.ts';
import { bytes, utf8 } from '../text.ts';
import { newToken } from '../token.ts';
import { eventually, type KvCheck } from './check.ts';
import { HOSTILE_NAMES, keysOf, putTexts, texts, tokenAt } from './samples.ts';

export const itemChecks: readonly KvCheck[] = [
  {
    name: 'gives back what was put, with its token, and nothing for a record that never was',
    async run({ store, namespace }) {
      const token = newToken();
      await store().items.put({ namespace, record: 'r', items: [{ key: bytes('k'), value: bytes('v') }], token });
      assert.deepEqual(await store().items.get({ namespace, record: 'r' }), {
        items: [{ key: bytes('k'), value: bytes('v'), token, expiresAtMs: null }],
        cursor: null,
      });
      assert.deepEqual(await store().items.get({ namespace, record: 'other' }), { items: [], cursor: null });
      assert.deepEqual(await store().items.get({ namespace: 'never_used', record: 'r' }), { items: [], cursor: null });
      assert.deepEqual(await store().items.scan({ namespace: 'never_used' }), { items: [], cursor: null });
    },
  },
  {
    name: 'orders keys as unsigned bytes, forwards and backwards',
    async run({ store, namespace }) {
      const keys = [[0x00], [], [0x7f], [0x80], [0xff], [0x61], [0x61, 0x00], [0x61, 0x62], [0xff, 0xff], [0x41]].map((key) =>
        Uint8Array.from(key),
      );
      const items = keys.map((key) => ({ key, value: key }));
      await store().items.put({ namespace, record: 'r', items, token: newToken() });
      const expected = ['', '00', '41', '61', '6100', '6162', '7f', '80', 'ff', 'ffff'];
      const forwards = await store().items.get({ namespace, record: 'r' });
      assert.deepEqual(keysOf(forwards.items), expected);
      const backwards = await store().items.get({ namespace, record: 'r', select: { kind: 'all', order: 'descending' } });
      assert.deepEqual(keysOf(backwards.items), expected.toReversed());
    },
  },
  {
    name: 'selects a range from inclusive to exclusive, and open ends',
    async run({ store, namespace }) {
      await putTexts(store(), namespace, 'r', { a: '', b: '', c: '', d: '' }, newToken());
      const range = async (from?: string, to?: string, order?: 'descending'): Promise<string> => {
        const select = {
          kind: 'range' as const,
          ...(from === undefined ? {} : { from: bytes(from) }),
          ...(to === undefined ? {} : { to: bytes(to) }),
          ...(order === undefined ? {} : { order }),
        };
        const { items } = await store().items.get({ namespace, record: 'r', select });
        return items.map(({ key }) => utf8(key)).join('');
      };
      assert.equal(await range('b', 'd'), 'bc');
      assert.equal(await range('b'), 'bcd');
      assert.equal(await range(undefined, 'b'), 'a');
      assert.equal(await range('b', 'd', 'descending'), 'cb');
      assert.equal(await range('d', 'b'), '');
      assert.equal(await range('b', 'b'), '');
    },
  },
  {
    name: 'selects keys, in byte order, without those that are not there',
    async run({ store, namespace }) {
      await putTexts(store(), namespace, 'r', { a: '1', b: '2', c: '3' }, newToken());
      const select = { kind: 'keys' as const, keys: ['c', 'x', 'a', 'c'].map((key) => bytes(key)) };
      const { items, cursor } = await store().items.get({ namespace, record: 'r', select });
      assert.deepEqual(
        items.map(({ value }) => utf8(value)),
        ['1', '3'],
      );
      assert.equal(cursor, null);
    },
  },
  {
    name: 'pages by items in both directions and by selection without missing or repeating one',
    async run({ store, namespace }) {
      const keys = Array.from({ length: 25 }, (_, index) => Uint8Array.of(index * 10));
      await store().items.put({ namespace, record: 'r', items: keys.map((key) => ({ key, value: key })), token: newToken() });
      for (const select of [
        { kind: 'all' } as const,
        { kind: 'all', order: 'descending' } as const,
        { kind: 'range', from: Uint8Array.of(0), to: Uint8Array.of(255) } as const,
        { kind: 'range', from: Uint8Array.of(0), order: 'descending' } as const,
        { kind: 'keys', keys } as const,
      ]) {
        const seen: number[] = [];
        let cursor: string | null = null;
        let pages = 0;
        do {
          const page = await store().items.get({
            namespace,
            record: 'r',
            select,
            page: { itemsMax: 4, ...(cursor === null ? {} : { cursor }) },
          });
          assert.ok(page.items.length <= 4);
          seen.push(...page.items.map(({ key }) => key[0] ?? -1));
          cursor = page.cursor;
          pages += 1;
          assert.ok(pages <= 8, 'paging does not end');
        } while (cursor !== null);
        const sorted = keys.map((key) => key[0] ?? -1);
        assert.deepEqual(seen, 'order' in select ? sorted.toReversed() : sorted);
      }
    },
  },
  {
    name: 'ends a page by bytes but always gives at least one item',
    async run({ store, namespace }) {
      const value = new Uint8Array(1000);
      const items = Array.from({ length: 10 }, (_, index) => ({ key: Uint8Array.of(index), value }));
      await store().items.put({ namespace, record: 'r', items, token: newToken() });
      const three = await store().items.get({ namespace, record: 'r', page: { bytesMax: 3100 } });
      assert.equal(three.items.length, 3);
      assert.notEqual(three.cursor, null);
      const one = await store().items.get({ namespace, record: 'r', page: { bytesMax: 1 } });
      assert.equal(one.items.length, 1);
    },
  },
  {
    name: 'scans every item of every record once, over many pages',
    async run({ store, namespace }) {
      const records = ['r1', 'r2', 'r2\u0000', 'r3', 'é'];
      for (const record of records) await putTexts(store(), namespace, record, { a: record, b: record, '': record }, newToken());
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await store().items.scan({ namespace, page: { itemsMax: 2, ...(cursor === null ? {} : { cursor }) } });
        for (const item of page.items) {
          assert.equal(utf8(item.value), item.record);
          seen.push(`${item.record}:${utf8(item.key)}`);
        }
        cursor = page.cursor;
        assert.ok(seen.length <= 15, 'an item came twice');
      } while (cursor !== null);
      assert.deepEqual(seen.toSorted(), records.flatMap((record) => [`${record}:`, `${record}:a`, `${record}:b`]).toSorted());
    },
  },
  {
    name: 'keeps the item with the greater token, whichever came first; equal times are decided by the nonce',
    async run({ store, namespace }) {
      await putTexts(store(), namespace, 'r', { k: 'late' }, tokenAt(20));
      await putTexts(store(), namespace, 'r', { k: 'early' }, tokenAt(10));
      assert.deepEqual(await texts(store(), namespace, 'r'), { k: 'late' });
      await putTexts(store(), namespace, 'r', { k: 'b' }, tokenAt(20, 'b'));
      await putTexts(store(), namespace, 'r', { k: 'a' }, tokenAt(20, 'a'));
      assert.deepEqual(await texts(store(), namespace, 'r'), { k: 'b' });
      // 255 and 256 differ in two bytes: an engine that compares times as text or little-endian gets them wrong.
      await putTexts(store(), namespace, 'r', { k: '256' }, tokenAt(256));
      await putTexts(store(), namespace, 'r', { k: '255' }, tokenAt(255));
      assert.deepEqual(await texts(store(), namespace, 'r'), { k: '256' });
    },
  },
  {
    name: 'does nothing when a put is sent again, also after a later one',
    async run({ store, namespace }) {
      await putTexts(store(), namespace, 'r', { k: 'first' }, tokenAt(10));
      await putTexts(store(), namespace, 'r', { k: 'first' }, tokenAt(10));
      assert.deepEqual(await texts(store(), namespace, 'r'), { k: 'first' });
      await putTexts(store(), namespace, 'r', { k: 'second' }, tokenAt(11));
      await putTexts(store(), namespace, 'r', { k: 'first' }, tokenAt(10));
      assert.deepEqual(await texts(store(), namespace, 'r'), { k: 'second' });
    },
  },
  {
    name: 'does not bring deleted items back when an older put is sent again: by key, by range, and all',
    async run({ store, namespace }) {
      const selections = [
        { kind: 'keys', keys: [bytes('k')] } as const,
        { kind: 'range', from: bytes('j'), to: bytes('l') } as const,
        { kind: 'all' } as const,
      ];
      for (const [index, select] of selections.entries()) {
        const record = `r${index}`;
        await putTexts(store(), namespace, record, { k: 'old', z: 'other' }, tokenAt(10));
        await store().items.delete({ namespace, record, select, token: tokenAt(20) });
        await putTexts(store(), namespace, record, { k: 'old' }, tokenAt(10));
        await putTexts(store(), namespace, record, { k: 'between' }, tokenAt(19, 'f'));
        assert.deepEqual(await texts(store(), namespace, record), select.kind === 'all' ? {} : { z: 'other' });
        await putTexts(store(), namespace, record, { k: 'new' }, tokenAt(21));
        assert.equal((await texts(store(), namespace, record))['k'], 'new');
      }
    },
  },
  {
    name: 'leaves items written later than the deletion, and deletes what arrives late',
    async run({ store, namespace }) {
      await putTexts(store(), namespace, 'r', { a: 'later', b: 'earlier' }, tokenAt(30));
      await putTexts(store(), namespace, 'r', { b: 'earlier' }, tokenAt(31));
      await store().items.delete({ namespace, record: 'r', select: { kind: 'all' }, token: tokenAt(29) });
      assert.deepEqual(await texts(store(), namespace, 'r'), { a: 'later', b: 'earlier' });
      await store().items.delete({
        namespace,
        record: 'r',
        select: { kind: 'keys', keys: [bytes('a'), bytes('b')] },
        token: tokenAt(30, '1'),
      });
      assert.deepEqual(await texts(store(), namespace, 'r'), { b: 'earlier' });
      await store().items.delete({ namespace, record: 'late', select: { kind: 'range', to: bytes('c') }, token: tokenAt(30) });
      await putTexts(store(), namespace, 'late', { a: 'gone', c: 'kept' }, tokenAt(20));
      assert.deepEqual(await texts(store(), namespace, 'late'), { c: 'kept' });
    },
  },
  {
    name: 'remembers tombstones over a restart',
    async run({ store, namespace, reopen }) {
      await store().items.delete({ namespace, record: 'r', select: { kind: 'all' }, token: tokenAt(20) });
      await store().items.delete({ namespace, record: 'q', select: { kind: 'keys', keys: [bytes('k')] }, token: tokenAt(20) });
      await reopen();
      for (const record of ['r', 'q']) {
        await putTexts(store(), namespace, record, { k: 'old' }, tokenAt(10));
        assert.deepEqual(await texts(store(), namespace, record), {});
      }
    },
  },
  {
    name: 'comes to one result for writes of one time, in whatever order they come',
    async run({ store, namespace }) {
      const time = newToken().timeUs;
      const token = (nonce: string): WriteToken => ({ timeUs: time, nonce: nonce.padStart(32, '0') });
      const put = (nonce: string, ttlMs?: number) => (record: string) =>
        store().items.put({
          namespace,
          record,
          items: [{ key: bytes('k'), value: bytes(nonce), ...(ttlMs === undefined ? {} : { ttlMs }) }],
          token: token(nonce),
        });
      const erase = (nonce: string, select: Selection) => (record: string) =>
        store().items.delete({ namespace, record, select, token: token(nonce) });
      const key: Selection = { kind: 'keys', keys: [bytes('k')] };
      const pairs = [
        [put('a'), put('b')],
        [put('a'), erase('b', key)],
        [put('b'), erase('a', key)],
        [put('b'), erase('a', { kind: 'all' })],
        [put('a', 3_600_000), put('b')],
        [put('b', 3_600_000), put('a')],
        [put('a', 3_600_000), put('b', 7_200_000)],
        [put('b', 3_600_000), erase('a', key)],
        [put('a'), erase('a', key)],
        [put('a', 3_600_000), erase('a', key)],
      ] as const;
      for (const [index, [one, other]] of pairs.entries()) {
        await one(`${index} there`);
        await other(`${index} there`);
        await other(`${index} back`);
        await one(`${index} back`);
        assert.deepEqual(
          await texts(store(), namespace, `${index} there`),
          await texts(store(), namespace, `${index} back`),
          `pair ${index}`,
        );
        if (index >= 8)
          assert.deepEqual(await texts(store(), namespace, `${index} there`), {}, 'a deletion with the token of the item did nothing');
      }
    },
  },
  {
    name: 'lets an item go after its time to live, not before, and a retry does not bring it back',
    async run({ store, namespace }) {
      const token = newToken();
      const put = (): Promise<void> =>
        store().items.put({
          namespace,
          record: 'r',
          items: [
            { key: bytes('short'), value: bytes('v'), ttlMs: 1_000 },
            { key: bytes('long'), value: bytes('v'), ttlMs: 3_600_000 },
          ],
          token,
        });
      const before = Date.now();
      await put();
      const { items } = await store().items.get({ namespace, record: 'r' });
      assert.equal(items.length, 2);
      const expiresAtMs = items.find(({ key }) => utf8(key) === 'short')?.expiresAtMs ?? 0;
      assert.ok(expiresAtMs >= before + 900 && expiresAtMs <= Date.now() + 2_000, `expires at ${expiresAtMs}, put at ${before}`);
      await eventually(
        'the item expires',
        () => texts(store(), namespace, 'r'),
        (found) => !('short' in found),
      );
      await put();
      assert.deepEqual(await texts(store(), namespace, 'r'), { long: 'v' });
      assert.deepEqual(
        (await store().items.scan({ namespace })).items.map(({ key }) => utf8(key)),
        ['long'],
      );
    },
  },
  {
    name: 'keeps empty values and keys, and values of 16 MiB, byte for byte',
    async run({ store, namespace, random, reopen }) {
      const large = Uint8Array.from({ length: 1024 }, () => random() * 256);
      const value = new Uint8Array(16 * 1024 * 1024);
      for (let at = 0; at < value.length; at += large.length) value.set(large, at);
      const items = [
        { key: new Uint8Array(), value: new Uint8Array() },
        { key: new Uint8Array(1_024).fill(0xff), value },
      ];
      await store().items.put({ namespace, record: 'r', items, token: newToken() });
      await reopen();
      const first = await store().items.get({ namespace, record: 'r' });
      assert.deepEqual(
        first.items.map(({ value }) => value.length),
        [0],
      );
      const second = await store().items.get({ namespace, record: 'r', page: { cursor: first.cursor ?? '' } });
      assert.equal(Buffer.compare(second.items[0]?.value ?? Buffer.of(), value), 0);
      assert.equal(second.cursor, null);
    },
  },
  {
    name: 'keeps hostile record ids and keys apart',
    async run({ store, namespace, reopen }) {
      for (const name of HOSTILE_NAMES) await putTexts(store(), namespace, name, { [name]: name }, newToken());
      await reopen();
      for (const name of HOSTILE_NAMES) {
        const { items } = await store().items.get({ namespace, record: name });
        assert.deepEqual(
          items.map(({ key, value }) => [utf8(key), utf8(value)]),
          [[name, name]],
          JSON.stringify(name),
        );
      }
      assert.equal((await store().items.scan({ namespace })).items.length, HOSTILE_NAMES.length);
    },
  },
  {
    name: 'copies what it is given: changing a buffer after the call changes nothing',
    async run({ store, namespace }) {
      const key = bytes('key');
      const value = bytes('value');
      const put = store().items.put({ namespace, record: 'r', items: [{ key, value }], token: newToken() });
      key.fill(0);
      value.fill(0);
      await put;
      assert.deepEqual(await texts(store(), namespace, 'r'), { key: 'value' });
    },
  },
];
