import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { bytesOf, pattern, rejectsWith, sha256, text } from './bodies.ts';
import type { BlobCase } from './cases.ts';

export const multipartCases: readonly BlobCase[] = [
  {
    name: 'joins parts that came in any order, some of them twice, some after a restart',
    async run({ store, reopen }) {
      const parts = [pattern(70_000, 1), pattern(1, 2), pattern(90_001, 3)];
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
          [1, 70_000],
          [2, 1],
          [3, 90_001],
        ],
      );
      const stored = await again.completeMultipart({ ...name, parts: listed });
      assert.ok(stored.kind === 'stored');
      assert.equal(stored.sha256, sha256(Buffer.concat(parts)));
      assert.deepEqual(await bytesOf(await again.get('film')), Buffer.concat(parts));
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
      for (const part of [0, 10_001, 1.5]) await rejectsWith('BLOB_RANGE', store.putPart({ ...name, part, body: text('x') }));
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
    },
  },
];
