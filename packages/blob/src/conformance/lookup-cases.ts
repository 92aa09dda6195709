import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BlobFault } from '../port.ts';
import type { BlobRead, BlobStore } from '../port.ts';
import { bytesOf, pattern, rejectsWith, text } from './bodies.ts';
import type { BlobCase } from './cases.ts';

/** Written in byte order: `-` and `.` sort before `/`, digits and letters after it. */
const KEYS = [
  'a',
  'a-b',
  'a.b',
  'a/b',
  'a/b/c',
  'a/c',
  'a0',
  `${'p'.repeat(198)}-x`,
  `${'p'.repeat(198)}/x`,
  'p'.repeat(199),
  'q/1',
  'q/2',
];

export const lookupCases: readonly BlobCase[] = [
  {
    name: 'reads any range, cuts one that ends late, and refuses one that begins past the end',
    async run({ store }) {
      const bytes = pattern(200_000);
      await store.put('film', bytes);
      for (const [start, end] of [
        [0, 1],
        [0, 200_000],
        [65_535, 65_537],
        [199_999, 200_000],
        [200_000, 200_000],
        [5, 5],
        [7, undefined],
        [100, 900_000],
      ] as const) {
        const range = end === undefined ? { start } : { start, end };
        const read = await store.get('film', { range });
        assert.deepEqual(await bytesOf(read), bytes.subarray(start, end));
        assert.deepEqual([read?.range, read?.bytes], [{ start, end: Math.min(end ?? 200_000, 200_000) }, 200_000]);
      }
      for (const range of [{ start: 200_001 }, { start: -1 }, { start: 9, end: 8 }, { start: 0.5 }, { start: Number.NaN }]) {
        await rejectsWith('BLOB_RANGE', store.get('film', { range }));
      }
    },
  },
  {
    name: 'never mixes two objects in a body: reads on in the one it opened, or fails, when another takes its key or it is deleted',
    async run({ store }) {
      const bytes = pattern(3_000_000);
      await store.put('film', bytes);
      const [replaced, deleted] = [await store.get('film'), await store.get('film')];
      await store.put('film', pattern(3_000_000, 2));
      await assertOneObject(replaced, bytes);
      await store.delete('film');
      await assertOneObject(deleted, bytes);
    },
  },
  {
    name: 'ends a body with its signal, also before anybody reads it',
    async run({ store }) {
      await store.put('film', pattern(3_000_000));
      const aborting = new AbortController();
      const [read, unread] = [
        await store.get('film', { signal: aborting.signal }),
        await store.get('film', { signal: aborting.signal, range: { start: 5 } }),
      ];
      const reading = bytesOf(read);
      aborting.abort();
      await assert.rejects(reading);
      await assert.rejects(bytesOf(unread));
      await assert.rejects(store.get('film', { signal: aborting.signal }));
      const late = new AbortController();
      const getting = store.get('film', { signal: late.signal });
      late.abort();
      const readAfterAWhile = async () => {
        const found = await getting;
        await nextTurn();
        return bytesOf(found);
      };
      await assert.rejects(readAfterAWhile());
    },
  },
  {
    name: 'answers null for what is not there, and deleting it is no error',
    async run({ store }) {
      await store.put('a/b', text('x'));
      for (const key of ['a', 'a/b/c', 'nothing']) {
        assert.equal(await store.get(key), null);
        assert.equal(await store.head(key), null);
        assert.equal(await store.localCopy(key), null);
        await store.delete(key);
      }
      await store.delete('a/b');
      await store.delete('a/b');
      assert.equal(await store.get('a/b'), null);
    },
  },
  {
    name: 'lists in byte order, page by page, with a prefix that need not end at a slash',
    async run({ store }) {
      for (const key of [...KEYS].reverse()) await store.put(key, text(key));
      for (const keysMax of [1, 2, 5, 1000]) assert.deepEqual(await keysIn(store, '', keysMax), KEYS);
      for (const prefix of ['a', 'a/', 'a/b', 'q/', 'p', 'p'.repeat(199), 'none', `${'p'.repeat(198)}/`]) {
        assert.deepEqual(
          await keysIn(store, prefix, 3),
          KEYS.filter((key) => key.startsWith(prefix)),
        );
      }
    },
  },
  {
    name: 'lets puts and deletes of neighbours in one folder race without losing one',
    async run({ store }) {
      for (let round = 0; round < 20; round += 1) {
        await store.put('f/g/gone', text('x'));
        await Promise.all([store.delete('f/g/gone'), store.put(`f/g/kept`, text(`${round}`))]);
        assert.equal((await bytesOf(await store.get('f/g/kept'))).toString(), `${round}`);
        await store.delete('f/g/kept');
      }
    },
  },
  {
    name: 'gives programs a path with the bytes, also after the key was deleted',
    async run({ store }) {
      await store.put('film', text('moving pictures'));
      const copy = await store.localCopy('film');
      assert.ok(copy !== null);
      await store.delete('film');
      assert.equal(await readFile(copy.path, 'utf8'), 'moving pictures');
      await copy[Symbol.asyncDispose]();
      await assert.rejects(readFile(copy.path));
    },
  },
  {
    name: 'presigns a URL that grants one method on one key until its expiry',
    async run({ store, send }) {
      await store.put('a/film', text('moving pictures'));
      await store.put('a/filn', text('another'));
      const url = await store.presign({ key: 'a/film', method: 'GET', expiresAtMs: Date.now() + 60_000 });
      assert.deepEqual(await send({ url, method: 'GET' }), { status: 200, body: 'moving pictures' });
      assert.ok(url.includes('/film'));
      for (const forged of [
        { url: url.replace('/film', '/filn') },
        { url: url.replace(/signature=../i, (found) => `${found.slice(0, -2)}00`) },
      ]) {
        assert.equal((await send({ ...forged, method: 'GET' })).status, 403);
      }
      assert.equal((await send({ url, method: 'PUT', body: 'written over' })).status, 403);
      const putUrl = await store.presign({ key: 'a/sent', method: 'PUT', expiresAtMs: Date.now() + 60_000 });
      assert.equal((await send({ url: putUrl, method: 'PUT', body: 'sent' })).status, 200);
      assert.equal((await bytesOf(await store.get('a/sent'))).toString(), 'sent');
      assert.equal((await bytesOf(await store.get('a/film'))).toString(), 'moving pictures');
    },
  },
  {
    name: 'presigns for no key that is not one, for no time past, and for no more than seven days',
    async run({ store }) {
      const soonMs = Date.now() + 60_000;
      await rejectsWith('BLOB_BAD_KEY', store.presign({ key: '../a', method: 'GET', expiresAtMs: soonMs }));
      for (const expiresAtMs of [Date.now() - 1, Number.NaN, Date.now() + 8 * 86_400_000]) {
        await rejectsWith('BLOB_RANGE', store.presign({ key: 'a', method: 'GET', expiresAtMs }));
      }
    },
  },
];

async function assertOneObject(read: BlobRead | null, whole: Uint8Array): Promise<void> {
  const got = await bytesOf(read).catch((error: unknown) => error);
  assert.ok(got instanceof Uint8Array ? whole.length === got.length && Buffer.compare(got, whole) === 0 : isReplaced(got), String(got));
}

function isReplaced(error: unknown): boolean {
  return error instanceof BlobFault && error.code === 'BLOB_REPLACED';
}

async function keysIn(store: BlobStore, prefix: string, keysMax: number): Promise<string[]> {
  const keys: string[] = [];
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await store.list(cursor === undefined ? { prefix, keysMax } : { prefix, keysMax, cursor });
    assert.ok(page.objects.length <= keysMax);
    keys.push(...page.objects.map(({ key }) => key));
    cursor = page.cursor;
  }
  return keys;
}
