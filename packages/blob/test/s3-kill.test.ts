import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { PART_BYTES_MIN } from '@bioscope/blob';
import type { BlobStore } from '@bioscope/blob';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import type { EngineForTests } from '@bioscope/engines/testing';
import { bytesOf } from './numbered-bytes.ts';
import { rejectsWith } from './rejects-with.ts';
import { SHORT } from './scripted-s3.ts';
import { openS3 } from './s3-store.ts';

const KILLS = process.env.BIOSCOPE_TEST_ALL === '1' ? 10 : 3;
const WRITERS = 4;
const ACKNOWLEDGED_BETWEEN_KILLS = 15;

describe('blobs on an S3 server that is killed or paused', { skip: engineMissing('s3') }, () => {
  let engine: EngineForTests<'s3'>;
  before(async () => {
    engine = await engineForTests('s3', { alone: true });
  });
  after(() => engine.release());

  it('keeps every acknowledged object whole, shows none in part, and goes on when the server is back', { timeout: 180_000 }, async () => {
    await using s3 = await openS3(engine.addresses, { deadlines: SHORT, pieceBytes: PART_BYTES_MIN });
    const [server] = engine.nodes;
    assert.ok(server !== undefined);
    const acknowledged = new Set<number>();
    let next = 1;
    const over = new AbortController();
    const write = async () => {
      while (!over.signal.aborted) {
        // Every fourth is sent in pieces: a server killed while it joins them is what asks most of the client.
        const number = 3 * next++;
        // The server is dead: what was under way may or may not have been stored.
        const put = await s3.store.put(`films/${number % 7}/${number}`, bytesOf(number)).catch(() => null);
        if (put !== null) acknowledged.add(number);
      }
    };
    const writers = Array.from({ length: WRITERS }, write);
    for (let kill = 0; kill < KILLS; kill += 1) {
      await until(() => acknowledged.size >= (kill + 1) * ACKNOWLEDGED_BETWEEN_KILLS);
      await server.kill();
      await server.start();
    }
    const before = acknowledged.size;
    await until(() => acknowledged.size > before);
    over.abort();
    await Promise.all(writers);
    const seen = await everyObjectIsWhole(s3.store);
    for (const number of acknowledged) assert.ok(seen.has(number), `object ${number} was acknowledged and is gone`);
    assert.ok(acknowledged.size >= KILLS * ACKNOWLEDGED_BETWEEN_KILLS);
  });

  it('settles every call by its deadline while the server stands still, and goes on when it runs again', { timeout: 120_000 }, async () => {
    await using s3 = await openS3(engine.addresses, { deadlines: SHORT, pieceBytes: PART_BYTES_MIN });
    const { store } = s3;
    const [server] = engine.nodes;
    assert.ok(server !== undefined);
    const film = bytesOf(12);
    await store.put('film', film);
    const { uploadId } = await store.startMultipart('parts');
    // Read up to the pause, and to its end after it.
    const reading = await store.get('film');
    await server.pause();
    try {
      await Promise.all(
        [
          store.put('other', film),
          store.put('short', Buffer.from('x')),
          store.get('film'),
          store.head('film'),
          store.list({ prefix: '' }),
          store.delete('film'),
          store.localCopy('film'),
          store.startMultipart('film'),
          store.putPart({ key: 'parts', uploadId, part: 1, body: Buffer.from('x') }),
          store.listParts({ key: 'parts', uploadId }),
          store.completeMultipart({ key: 'parts', uploadId, parts: [{ part: 1, etag: 'x' }] }),
          store.abortMultipart({ key: 'parts', uploadId }),
          openS3(engine.addresses, { deadlines: SHORT }),
        ].map((call) => rejectsWith('BLOB_UNAVAILABLE', call)),
      );
    } finally {
      server.resume();
    }
    // The pause may have let the delete through in the end: then the body goes on with what it began, or says so.
    const read = await Array.fromAsync(reading?.body ?? [], (chunk) => Buffer.from(chunk)).catch((error: unknown) => error);
    assert.ok(Array.isArray(read) ? Buffer.concat(read).equals(film) : String(read).includes('took its place'), String(read));
    await store.put('film', film);
    assert.equal((await store.head('film'))?.bytes, film.length);
  });
});

async function everyObjectIsWhole(store: BlobStore): Promise<Set<number>> {
  const seen = new Set<number>();
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await store.list(cursor === undefined ? { prefix: 'films/' } : { prefix: 'films/', cursor });
    for (const { key } of page.objects) {
      const number = Number(key.split('/').at(-1));
      const found = await Array.fromAsync((await store.get(key))?.body ?? [], (chunk) => Buffer.from(chunk));
      assert.ok(Buffer.concat(found).equals(bytesOf(number)), `${key} is not what was put`);
      seen.add(number);
    }
    cursor = page.cursor;
  }
  return seen;
}

/** Looks every few milliseconds; the test's own timeout bounds it. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((look) => setTimeout(look, 5));
}
