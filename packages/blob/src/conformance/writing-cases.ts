import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { bytesOf, pattern, rejectsWith, sha256, text } from './bodies.ts';
import type { BlobCase } from './cases.ts';

export const writingCases: readonly BlobCase[] = [
  {
    name: 'gives back what was put, from bytes, a generator and a stream, also after a restart',
    async run({ store, reopen }) {
      const bytes = pattern(300_000);
      const bodies = {
        'as/bytes': bytes,
        'as/generator': inChunks(bytes, 7_001),
        'as/stream': Readable.from([bytes.subarray(0, 9), bytes.subarray(9)]),
      };
      for (const [key, body] of Object.entries(bodies)) {
        const put = await store.put(key, body);
        assert.ok(put.kind === 'stored');
        assert.deepEqual([put.bytes, put.sha256], [bytes.length, sha256(bytes)]);
        assert.equal((await store.head(key))?.etag, put.etag);
      }
      const again = await reopen();
      for (const key of Object.keys(bodies)) assert.deepEqual(await bytesOf(await again.get(key)), bytes);
    },
  },
  {
    name: 'keeps an object of no bytes',
    async run({ store }) {
      await store.put('empty', new Uint8Array(0));
      assert.deepEqual((await bytesOf(await store.get('empty'))).length, 0);
      assert.equal((await store.head('empty'))?.bytes, 0);
    },
  },
  {
    name: 'never shows an object before its last byte has come',
    async run({ store }) {
      await store.put('film', text('the old film'));
      const gate = Promise.withResolvers<void>();
      const begun = Promise.withResolvers<void>();
      const putting = [store.put('film', held('the new ', 'film', begun, gate)), store.put('fresh', held('a', 'b', begun, gate))];
      await begun.promise;
      assert.equal((await bytesOf(await store.get('film'))).toString(), 'the old film');
      assert.equal(await store.head('fresh'), null);
      assert.deepEqual(
        (await store.list({ prefix: '' })).objects.map(({ key }) => key),
        ['film'],
      );
      gate.resolve();
      await Promise.all(putting);
      assert.equal((await bytesOf(await store.get('film'))).toString(), 'the new film');
      assert.equal((await bytesOf(await store.get('fresh'))).toString(), 'ab');
    },
  },
  {
    name: 'leaves the earlier object as it was when a body breaks off, fails its checksum, or is aborted',
    async run({ store }) {
      await store.put('film', text('whole'));
      await assert.rejects(store.put('film', breaksOff()), /the sender went away/);
      await rejectsWith('BLOB_CHECKSUM', store.put('film', text('other'), { sha256: sha256(text('not this')) }));
      const silent = new Readable({ read: () => undefined });
      await assert.rejects(store.put('film', silent, { signal: AbortSignal.timeout(20) }));
      silent.destroy();
      assert.equal((await bytesOf(await store.get('film'))).toString(), 'whole');
      await store.put('film', text('whole'), { sha256: sha256(text('whole')) });
    },
  },
  {
    name: 'lets exactly one of many concurrent creators have a key',
    async run({ store }) {
      const puts = await Promise.all(
        Array.from({ length: 30 }, (_, writer) => store.put('one', text(`writer ${writer}`), { ifAbsent: true })),
      );
      const winners = puts.flatMap((put, writer) => (put.kind === 'stored' ? [writer] : []));
      assert.equal(winners.length, 1);
      assert.equal((await bytesOf(await store.get('one'))).toString(), `writer ${winners[0]}`);
      assert.equal((await store.put('one', text('late'), { ifAbsent: true })).kind, 'exists');
    },
  },
  {
    name: 'changes the etag when the bytes change, also when their number does not',
    async run({ store }) {
      const first = await store.put('film', text('aaaa'));
      const second = await store.put('film', text('bbbb'));
      assert.ok(first.kind === 'stored' && second.kind === 'stored');
      assert.notEqual(first.etag, second.etag);
      assert.equal((await store.head('film'))?.etag, second.etag);
    },
  },
  {
    name: 'keeps a long body whole, or nothing of it when it breaks off, fails its checksum, is aborted, or comes second',
    async run({ store }) {
      const [long, other] = [pattern(11_000_000), pattern(11_000_000, 2)];
      const put = await store.put('film', inChunks(long, 1_000_003), { bytesExpected: long.length, sha256: sha256(long) });
      assert.ok(put.kind === 'stored');
      assert.deepEqual([put.bytes, put.sha256, put.etag], [long.length, sha256(long), (await store.head('film'))?.etag]);
      await assert.rejects(store.put('film', breaksOff(other)), /the sender went away/);
      await rejectsWith('BLOB_CHECKSUM', store.put('film', inChunks(other, 1_000_003), { sha256: sha256(long) }));
      const aborting = new AbortController();
      await assert.rejects(
        store.put(
          'film',
          silentAfter(other, () => aborting.abort(new Error('changed our mind'))),
          { signal: aborting.signal },
        ),
        /changed our mind/,
      );
      assert.equal((await store.put('film', inChunks(other, 1_000_003), { ifAbsent: true })).kind, 'exists');
      assert.ok(long.equals(await bytesOf(await store.get('film'))));
      const creators = await Promise.all(
        [long, other, long].map((body) => store.put('created', inChunks(body, 3_000_001), { ifAbsent: true })),
      );
      const won = creators.find(({ kind }) => kind === 'stored');
      assert.deepEqual(creators.map(({ kind }) => kind).toSorted(), ['exists', 'exists', 'stored']);
      assert.ok(won?.kind === 'stored' && won.sha256 === sha256(await bytesOf(await store.get('created'))));
    },
  },
  {
    name: 'closes a body that it does not need',
    async run({ store }) {
      await store.put('taken', text('x'));
      for (const putting of [
        (body: Readable) => store.put('taken', body, { ifAbsent: true }),
        (body: Readable) => rejectsWith('BLOB_BAD_KEY', store.put('../x', body)),
        (body: Readable) => rejectsWith('BLOB_UNKNOWN_UPLOAD', store.putPart({ key: 'taken', uploadId: '../x', part: 1, body })),
      ]) {
        const body = Readable.from([text('never asked for')]);
        await putting(body);
        assert.ok(body.destroyed, 'the body, and the file or socket behind it, is still open');
      }
    },
  },
  {
    name: 'refuses what is not a key, and takes the longest that is',
    async run({ store }) {
      for (const key of [
        '',
        '/a',
        'a/',
        'a//b',
        '../a',
        'a/../b',
        'a..b',
        'a/./b',
        'ä',
        'a b',
        'a\0',
        'a~',
        'a+',
        'a%2F',
        'x'.repeat(201),
        `${'x/'.repeat(450)}x`,
      ]) {
        await rejectsWith('BLOB_BAD_KEY', store.put(key, text('x')));
        await rejectsWith('BLOB_BAD_KEY', store.get(key));
        await rejectsWith('BLOB_BAD_KEY', store.head(key));
        await rejectsWith('BLOB_BAD_KEY', store.delete(key));
      }
      for (const key of ['x'.repeat(200), '.hidden', 'a.b-c_d/E', '-', `${`${'y'.repeat(199)}/`.repeat(4)}${'z'.repeat(100)}`]) {
        await store.put(key, text(key));
        assert.equal((await bytesOf(await store.get(key))).toString(), key);
      }
    },
  },
];

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* held(
  first: string,
  second: string,
  begun: PromiseWithResolvers<void>,
  gate: PromiseWithResolvers<void>,
): AsyncGenerator<Uint8Array> {
  yield text(first);
  begun.resolve();
  await gate.promise;
  yield text(second);
}

async function* silentAfter(bytes: Uint8Array, said: () => void): AsyncGenerator<Uint8Array> {
  yield bytes;
  said();
  await new Promise(() => undefined);
}

async function* breaksOff(half: Uint8Array = text('half of ')): AsyncGenerator<Uint8Array> {
  yield half;
  throw new Error('the sender went away');
}
