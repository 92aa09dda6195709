import assert from 'node:assert/strict';
import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { ListMultipartUploadsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PART_BYTES_MIN } from '@bioscope/blob';
import type { BlobStore } from '@bioscope/blob';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import type { EngineForTests } from '@bioscope/engines/testing';
import { rejectsWith } from './rejects-with.ts';
import { openS3 } from './s3-store.ts';
import type { OpenedS3 } from './s3-store.ts';

const DAY_MS = 86_400_000;

describe('blobs on an S3 server, beyond the port', { skip: engineMissing('s3') }, () => {
  let engine: EngineForTests<'s3'>;
  before(async () => {
    engine = await engineForTests('s3');
  });
  after(() => engine.release());

  it('says at the opening which setting is wrong', async () => {
    const { addresses } = engine;
    await rejectsWith('BLOB_UNAVAILABLE', openS3({ ...addresses, secretKey: 'not the secret' }), /accessKeyId, secretAccessKey/);
    await rejectsWith('BLOB_UNAVAILABLE', openS3({ ...addresses, accessKey: 'nobody' }), /accessKeyId, secretAccessKey/);
    await rejectsWith('BLOB_UNAVAILABLE', openS3({ ...addresses, bucket: 'no-such-bucket' }), /bucket does not exist.*createBucket/);
    await rejectsWith('BLOB_UNAVAILABLE', openS3({ ...addresses, endpoint: 'http://127.0.0.1:1' }), /could not be reached/);
    await assert.rejects(openS3(addresses, { prefix: 'no-slash' }), TypeError);
    await assert.rejects(openS3(addresses, { pieceBytes: 1 }), TypeError);
  });

  it('makes the bucket when it is told to, once for all who open it at the same moment', async () => {
    const addresses = { ...engine.addresses, bucket: `made-${process.pid}-${Date.now()}` };
    const opened = await Promise.all(Array.from({ length: 4 }, () => openS3(addresses, { createBucket: true })));
    await opened[0]?.store.put('a', Buffer.from('x'));
    for (const each of opened) await each[Symbol.asyncDispose]();
  });

  it('leaves no pieces behind when a long body is aborted, breaks off or is another one', async () => {
    await using s3 = await openS3(engine.addresses, { pieceBytes: PART_BYTES_MIN });
    const aborting = new AbortController();
    await assert.rejects(
      s3.store.put(
        'film',
        pieces(4, () => aborting.abort(new Error('enough'))),
        { signal: aborting.signal },
      ),
      /enough/,
    );
    await assert.rejects(
      s3.store.put(
        'film',
        pieces(4, () => assert.fail('broke off')),
      ),
      /broke off/,
    );
    await rejectsWith('BLOB_CHECKSUM', s3.store.put('film', pieces(4), { sha256: 'another' }));
    await s3.store.put('film', pieces(3));
    const second = await Promise.all([1, 2].map(() => s3.store.put('created', pieces(3), { ifAbsent: true })));
    assert.deepEqual(second.map(({ kind }) => kind).toSorted(), ['exists', 'stored']);
    assert.deepEqual(await uploadsOf(s3), []);
  });

  it('forgets uploads in parts that nobody touched for a week, and keeps those that somebody did', async () => {
    await using s3 = await openS3(engine.addresses);
    const { uploadId } = await s3.store.startMultipart('old');
    await s3.store.putPart({ key: 'old', uploadId, part: 1, body: Buffer.from('x') });
    await s3.reopen();
    assert.equal((await uploadsOf(s3)).length, 1);
    await using _later = await openS3(engine.addresses, { ...s3.options, nowMs: () => Date.now() + 8 * DAY_MS });
    assert.deepEqual(await uploadsOf(s3), []);
  });

  it('shows no objects that are not its own, and pages past them', async () => {
    await using s3 = await openS3(engine.addresses);
    await using client = clientOf(s3);
    for (const name of ['a', 'b/folder/', 'c.txt']) {
      await client.s3.send(new PutObjectCommand({ Bucket: s3.options.bucket, Key: s3.options.prefix + name, Body: new Uint8Array(0) }));
    }
    await s3.store.put('z', Buffer.from('ours'));
    const keys: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await s3.store.list(cursor === undefined ? { prefix: '', keysMax: 1 } : { prefix: '', keysMax: 1, cursor });
      keys.push(...page.objects.map(({ key }) => key));
      cursor = page.cursor;
    }
    assert.deepEqual(keys, ['z']);
  });

  it('fetches an object once for local copies that overlap or follow each other, and again when it was replaced', async () => {
    await using s3 = await openS3(engine.addresses);
    await s3.store.put('film', Buffer.from('one'));
    const [one, two] = await Promise.all([copyOf(s3.store), copyOf(s3.store)]);
    assert.equal(one.file, two.file);
    await one.dispose();
    assert.equal(await readFile(two.path, 'utf8'), 'one');
    await two.dispose();
    const three = await copyOf(s3.store);
    assert.equal(three.file, one.file, 'it was fetched again');
    await s3.store.put('film', Buffer.from('two'));
    const four = await copyOf(s3.store);
    assert.equal(await readFile(four.path, 'utf8'), 'two');
    assert.equal(await readFile(three.path, 'utf8'), 'one');
    await three.dispose();
    await four.dispose();
    await s3.store[Symbol.asyncDispose]();
    assert.deepEqual(await filesBelow(s3.options.temporaryFolder), []);
  });

  it('keeps no more unused local copies than it may', async () => {
    await using s3 = await openS3(engine.addresses, { copiesKeptBytesMax: 5 });
    for (const key of ['a', 'b', 'c']) {
      await s3.store.put(key, Buffer.from('xyz'));
      await (await s3.store.localCopy(key))?.[Symbol.asyncDispose]();
    }
    assert.equal((await filesBelow(s3.options.temporaryFolder)).length, 1);
  });
});

async function copyOf(store: BlobStore): Promise<{ path: string; file: number; dispose: () => Promise<void> }> {
  const copy = await store.localCopy('film');
  assert.ok(copy !== null);
  return { path: copy.path, file: (await stat(copy.path)).ino, dispose: async () => copy[Symbol.asyncDispose]() };
}

async function filesBelow(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  return names.filter((each) => each.isFile()).map((each) => path.join(each.parentPath, each.name));
}

async function* pieces(count: number, halfway = () => undefined as void): AsyncGenerator<Uint8Array> {
  for (let piece = 0; piece < count; piece += 1) {
    if (piece === 3) halfway();
    yield Buffer.alloc(PART_BYTES_MIN, piece);
  }
}

async function uploadsOf(opened: OpenedS3): Promise<string[]> {
  await using client = clientOf(opened);
  const { bucket: Bucket, prefix: Prefix } = opened.options;
  const { Uploads = [] } = await client.s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix }));
  return Uploads.map(({ Key = '' }) => Key);
}

function clientOf({ options }: OpenedS3): { readonly s3: S3Client } & AsyncDisposable {
  const { endpoint = '', region, accessKeyId, secretAccessKey } = options;
  const s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } });
  return { s3, [Symbol.asyncDispose]: async () => s3.destroy() };
}
