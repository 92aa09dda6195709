import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { describeBlobConformance } from '../conformance/index.ts';
import type { BlobStore } from '../port.ts';
import { openFileBlobs, verifyPresigned } from './index.ts';

const secret = new Uint8Array(32).fill(7);
const DAY_MS = 86_400_000;

describeBlobConformance('files', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-'));
  const reopen = () => openFileBlobs({ folder, secret });
  const store = await reopen();
  return { store, reopen, send: (request) => mounted(store, request), close: () => rm(folder, { recursive: true, force: true }) };
});

/** What a mount does that serves presigned URLs. */
async function mounted(store: BlobStore, { url, method, body = '' }: { url: string; method: string; body?: string }) {
  const verdict = verifyPresigned({ secret, method, url, nowMs: Date.now() });
  if (verdict.kind === 'refused') return { status: 403, body: '' };
  if (method === 'PUT') await store.put(verdict.key, new TextEncoder().encode(body));
  const read = await store.get(verdict.key);
  return {
    status: 200,
    body: read === null ? '' : Buffer.concat(await Array.fromAsync(read.body, (chunk) => Buffer.from(chunk))).toString(),
  };
}

describe('blobs in files', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('leaves no temporary file and no empty folder behind', async () => {
    const store = await openFileBlobs({ folder, secret });
    await store.put('a/b/c', new Uint8Array(10));
    await assert.rejects(store.put('a/b/d', new Uint8Array(10), { sha256: 'no' }));
    await store.delete('a/b/c');
    assert.deepEqual(await readdir(path.join(folder, 'objects')), []);
    const owners = await readdir(path.join(folder, 'temporary'));
    assert.equal(owners.length, 1);
    assert.deepEqual(await readdir(path.join(folder, 'temporary', owners[0] ?? '')), []);
  });

  it('sweeps half-written files of dead processes and keeps those of living ones', async () => {
    const dead = path.join(folder, 'temporary', `${process.pid}-1`);
    await mkdir(dead, { recursive: true });
    await writeFile(path.join(dead, 'half'), 'half');
    const living = await openFileBlobs({ folder, secret });
    await living.put('kept', new Uint8Array(4));
    const copy = await living.localCopy('kept');
    await openFileBlobs({ folder, secret });
    assert.equal((await readdir(path.join(folder, 'temporary'))).includes(`${process.pid}-1`), false);
    assert.ok((await readdir(path.dirname(copy?.path ?? ''))).length > 0);
    await copy?.[Symbol.asyncDispose]();
  });

  it('forgets uploads in parts that nobody touched for a week', async () => {
    const store = await openFileBlobs({ folder, secret });
    const [old, recent] = [await store.startMultipart('old'), await store.startMultipart('recent')];
    const eightDaysAgo = new Date(Date.now() - 8 * DAY_MS);
    await utimes(path.join(folder, 'uploads', old.uploadId), eightDaysAgo, eightDaysAgo);
    await openFileBlobs({ folder, secret });
    assert.deepEqual(await readdir(path.join(folder, 'uploads')), [recent.uploadId]);
  });

  it('refuses a secret that could be guessed', async () => {
    await assert.rejects(openFileBlobs({ folder, secret: new Uint8Array(31) }), /at least 32/);
  });
});

describe('a presigned URL', () => {
  const nowMs = 1_000_000;
  const sign = async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-'));
    try {
      return await (
        await openFileBlobs({ folder, secret, nowMs: () => nowMs })
      ).presign({ key: 'a/film', method: 'GET', expiresAtMs: nowMs + 1_999 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  };

  it('grants its method on its key until it expires, and nothing else', async () => {
    const url = await sign();
    const verdict = (changed: object) => verifyPresigned({ secret, method: 'GET', url, nowMs, ...changed });
    assert.deepEqual(verdict({}), { kind: 'granted', key: 'a/film' });
    assert.deepEqual(verdict({ nowMs: nowMs + 1_000 }), { kind: 'refused', because: 'expired' });
    assert.deepEqual(verdict({ method: 'PUT' }), { kind: 'refused', because: 'forged' });
    assert.deepEqual(verdict({ secret: new Uint8Array(32) }), { kind: 'refused', because: 'forged' });
    assert.deepEqual(verdict({ url: url.replace('film', 'filn') }), { kind: 'refused', because: 'forged' });
    assert.deepEqual(verdict({ url: url.replace('=GET', '=PUT'), method: 'PUT' }), { kind: 'refused', because: 'forged' });
    assert.deepEqual(verdict({ url: url.replace('expires=1', 'expires=9') }), { kind: 'refused', because: 'forged' });
    assert.deepEqual(verdict({ url: `${url}&more` }), { kind: 'refused', because: 'malformed' });
    assert.deepEqual(verdict({ url: '/a/film' }), { kind: 'refused', because: 'malformed' });
  });
});
