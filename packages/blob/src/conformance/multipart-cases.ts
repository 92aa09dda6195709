import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { PARTS_MAX, PART_BYTES_MAX, PART_BYTES_MIN } from '../port.ts';
import { bytesOf, pattern, rejectsWith, text } from './bodies.ts';
import type { BlobCase } from './cases.ts';

export const multipartCases: readonly BlobCase[] = [
  {
    name: 'joins parts that came in any order, some of them twice, some after a restart',
    async run({ store, reopen }) {
      const parts = [pattern(PART_BYTES_MIN, 1), pattern(PART_BYTES_MIN + 1, 2), pattern(90_001, 3)];
      const { uploadId } = await store.startMultipart('film');
      const name = { key: 'film', uploadId };
      await store.putPart({ ...name, part: 3, body: text('a first try that is replaced') });
      await Promise.all([3, 1].map((part) => store.putPart({ ...name, part, body: parts[part - 1] ?? pattern(0) })));
      assert.equal(await store.head('film'), null);
      const again = await reopen();
      await again.putPart({ ...name, part: 2, body: parts[1] ?? pattern(0) });
      const listed = await again.listParts(name);
      assert.deepEqual(
        listed.map(({ part, bytes }) => [part, bytes]),
        [
          [1, PART_BYTES_MIN],
          [2, PART_BYTES_MIN + 1],
          [3, 90_001],
        ],
      );
      const stored = await again.completeMultipart({ ...name, parts: listed });
      assert.deepEqual(stored, { etag: (await again.head('film'))?.etag, bytes: 2 * PART_BYTES_MIN + 1 + 90_001 });
      assert.ok(Buffer.concat(parts).equals(await bytesOf(await again.get('film'))));
    },
  },
  {
    name: 'joins only the parts that are named, and refuses a wrong etag, order or number',
    async run({ store }) {
      const name = { key: 'film', uploadId: (await store.startMultipart('film')).uploadId };
      const [one, two] = [
        await store.putPart({ ...name, part: 1, body: text('one') }),
        await store.putPart({ ...name, part: 2, body: text('two') }),
      ];
      await rejectsWith('BLOB_RANGE', store.completeMultipart({ ...name, parts: [] }));
      await rejectsWith(
        'BLOB_RANGE',
        store.completeMultipart({
          ...name,
          parts: [
            { part: 2, etag: two.etag },
            { part: 1, etag: one.etag },
          ],
        }),
      );
      await rejectsWith('BLOB_CHECKSUM', store.completeMultipart({ ...name, parts: [{ part: 1, etag: 'not-this' }] }));
      await rejectsWith(
        'BLOB_CHECKSUM',
        store.completeMultipart({
          ...name,
          parts: [
            { part: 1, etag: one.etag },
            { part: 7, etag: one.etag },
          ],
        }),
      );
      for (const part of [0, PARTS_MAX + 1, 1.5]) await rejectsWith('BLOB_RANGE', store.putPart({ ...name, part, body: text('x') }));
      // Too small to be followed by another.
      await rejectsWith(
        'BLOB_RANGE',
        store.completeMultipart({ ...name, parts: [one, two].map(({ etag }, place) => ({ part: place + 1, etag })) }),
      );
      await store.completeMultipart({ ...name, parts: [{ part: 2, etag: two.etag }] });
      assert.equal((await bytesOf(await store.get('film'))).toString(), 'two');
    },
  },
  {
    name: 'knows no upload that was aborted, completed, or belongs to another key',
    async run({ store }) {
      const name = { key: 'film', uploadId: (await store.startMultipart('film')).uploadId };
      await rejectsWith('BLOB_UNKNOWN_UPLOAD', store.putPart({ ...name, key: 'other', part: 1, body: text('x') }));
      await rejectsWith('BLOB_UNKNOWN_UPLOAD', store.listParts({ key: 'film', uploadId: '../../film' }));
      await store.abortMultipart(name);
      await rejectsWith('BLOB_UNKNOWN_UPLOAD', store.putPart({ ...name, part: 1, body: text('x') }));
      await rejectsWith('BLOB_UNKNOWN_UPLOAD', store.listParts(name));
      assert.equal(await store.head('film'), null);
      const other = { key: 'other', uploadId: (await store.startMultipart('other')).uploadId };
      const { etag } = await store.putPart({ ...other, part: 1, body: text('x') });
      await store.completeMultipart({ ...other, parts: [{ part: 1, etag }] });
      await rejectsWith('BLOB_UNKNOWN_UPLOAD', store.putPart({ ...other, part: 2, body: text('x') }));
      await rejectsWith('BLOB_UNKNOWN_UPLOAD', store.listParts(other));
    },
  },
  {
    name: 'takes parts as streams, and none above the largest size',
    async run({ store }) {
      const name = { key: 'film', uploadId: (await store.startMultipart('film')).uploadId };
      const { bytes } = await store.putPart({ ...name, part: 1, body: inMebibytes(6) });
      assert.equal(bytes, 6 * 1024 * 1024);
      await rejectsWith('BLOB_RANGE', store.putPart({ ...name, part: 2, body: inMebibytes(PART_BYTES_MAX / 1024 / 1024 + 1) }));
      assert.deepEqual(
        (await store.listParts(name)).map(({ part }) => part),
        [1],
      );
    },
  },
];

async function* inMebibytes(count: number): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < count; sent += 1) yield new Uint8Array(1024 * 1024);
}
