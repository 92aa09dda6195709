import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { startKafka, startS3 } from '../src/index.ts';
import type { Running, S3Addresses } from '../src/index.ts';
import { engineMissing } from '../src/testing/index.ts';
import { processesOn } from './processes-on.ts';

function clientOf(addresses: S3Addresses, secretKey = addresses.secretKey): S3Client {
  return new S3Client({
    endpoint: addresses.endpoint,
    region: addresses.region,
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId: addresses.accessKey, secretAccessKey: secretKey },
  });
}

async function read(client: S3Client, bucket: string, key: string, signal = AbortSignal.timeout(5_000)): Promise<string | undefined> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
  return await Body?.transformToString();
}

describe('an S3 server', { skip: engineMissing('s3') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'bioscope-engines-test-'));
  let s3: Running<S3Addresses>;
  before(async () => {
    s3 = await startS3({ folder });
  });
  after(async () => {
    await s3?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const node = () => s3.nodes[0] ?? assert.fail();

  it('keeps objects through SIGKILL, and is silent while paused', async () => {
    using client = disposable(clientOf(s3.addresses));
    await client.send(new PutObjectCommand({ Bucket: s3.addresses.bucket, Key: 'a/b', Body: 'kept' }));
    await node().kill();
    await assert.rejects(read(client, s3.addresses.bucket, 'a/b'));
    await node().start();
    await node().pause();
    await assert.rejects(read(client, s3.addresses.bucket, 'a/b', AbortSignal.timeout(500)));
    node().resume();
    assert.equal(await read(client, s3.addresses.bucket, 'a/b'), 'kept');
  });

  it('refuses other keys than its own', async () => {
    using client = disposable(clientOf(s3.addresses, 'wrong'));
    await assert.rejects(read(client, s3.addresses.bucket, 'a/b'), { name: 'SignatureDoesNotMatch' });
  });

  it('continues in its folder with the same address, keys and objects', async () => {
    const before = s3.addresses;
    await s3.stop();
    assert.deepEqual(processesOn(folder), []);
    s3 = await startS3({ folder });
    assert.deepEqual(s3.addresses, before);
    using client = disposable(clientOf(s3.addresses));
    assert.equal(await read(client, s3.addresses.bucket, 'a/b'), 'kept');
  });

  it('leaves neither process nor file of a temporary folder', async () => {
    const temporary = await startS3();
    assert.ok(existsSync(temporary.folder));
    await temporary.stop();
    assert.deepEqual(processesOn(temporary.folder), []);
    assert.equal(existsSync(temporary.folder), false);
  });

  it('is not started on a folder of another engine', async () => {
    await s3.stop();
    await assert.rejects(startKafka({ folder }), /holds the files of versitygw|needs Java|Maven/);
  });
});

function disposable(client: S3Client): S3Client & Disposable {
  return Object.assign(client, { [Symbol.dispose]: () => client.destroy() });
}
