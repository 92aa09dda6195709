import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { pattern, sha256, text } from './conformance/bodies.ts';
import { copyBlobs } from './copy.ts';
import type { CopyProgress } from './copy.ts';
import { openFileBlobs } from './files/index.ts';
import type { BlobStore } from './port.ts';

const OBJECTS = 60;

describe('copying a blob store', () => {
  it('copies everything, also over many pages, and proves it', async (t) => {
    const [from, to] = [inShortPages(await filled(t, OBJECTS)), inShortPages(await opened(t))];
    const progress: CopyProgress[] = [];
    const report = await copyBlobs(from, to, { onProgress: (each) => progress.push(each) });
    assert.deepEqual({ ...report, bytes: 0 }, { ...WHOLE, objects: OBJECTS, copied: OBJECTS, bytes: 0 });
    assert.deepEqual(await contents(to), await contents(from));
    for (const phase of ['copying', 'checking']) {
      const last = progress.findLast((each) => each.phase === phase);
      assert.deepEqual([last?.objects, last?.bytes], [OBJECTS, report.bytes]);
    }
  });

  it('goes on where it was stopped, and sends nothing twice', async (t) => {
    const [from, to] = [await filled(t, 40), await opened(t)];
    const aborting = new AbortController();
    let sent = 0;
    const counting: BlobStore = {
      ...to,
      async put(...given) {
        sent += 1;
        if (sent === 15) aborting.abort(new Error('stopped by hand'));
        return to.put(...given);
      },
    };
    await assert.rejects(copyBlobs(from, counting, { signal: aborting.signal, parallelMax: 2 }), /stopped by hand/);
    const there = (await contents(to)).size;
    assert.ok(there > 0 && there < 40, `${there} were copied`);
    sent = 0;
    const report = await copyBlobs(from, counting);
    assert.deepEqual([report.isWhole, report.copied, report.kept], [true, 40 - there, there]);
    assert.equal(sent, 40 - there);
    assert.deepEqual(await contents(to), await contents(from));
  });

  it('fails with the failure of a store, after what was under way has settled', async (t) => {
    const [from, to] = [await filled(t, 20), await opened(t)];
    let underWay = 0;
    const failing: BlobStore = {
      ...to,
      async put(key, ...rest) {
        underWay += 1;
        try {
          if (key === 'films/7') throw new Error('out of order');
          return await to.put(key, ...rest);
        } finally {
          underWay -= 1;
        }
      },
    };
    await assert.rejects(copyBlobs(from, failing), /out of order/);
    assert.equal(underWay, 0);
  });

  it('finds damage of the right size and mends it, sends again what has another size, and leaves what is not its own', async (t) => {
    const [from, to] = [await filled(t, 10), await opened(t)];
    const before = await contents(from);
    await copyBlobs(from, to);
    await to.put('films/3', pattern((await to.head('films/3'))?.bytes ?? 0, 99));
    await to.put('films/4', text('short'));
    await to.put('aaa', text('not from there'));
    await to.put('zzz', text('not from there'));
    const report = await copyBlobs(from, to);
    assert.deepEqual({ ...report, bytes: 0 }, { ...WHOLE, objects: 10, copied: 1, kept: 9, repaired: 1, extra: 2, bytes: 0 });
    assert.deepEqual(await contents(from), before);
    assert.deepEqual(new Map([...(await contents(to))].filter(([key]) => before.has(key))), before);
  });

  it('names what is not the same in the end', async (t) => {
    const [from, to] = [await filled(t, 5), await opened(t)];
    const lossy: BlobStore = { ...to, put: async (key, body, ...rest) => to.put(key, key === 'films/2' ? text('noise') : body, ...rest) };
    const report = await copyBlobs(from, lossy);
    assert.deepEqual([report.isWhole, report.different], [false, ['films/2']]);
  });

  it('copies only what begins with the prefix', async (t) => {
    const [from, to] = [await filled(t, 12), await opened(t)];
    const report = await copyBlobs(from, to, { prefix: 'films/1' });
    assert.deepEqual([report.isWhole, [...(await contents(to)).keys()]], [true, ['films/1', 'films/10', 'films/11']]);
  });
});

const WHOLE = { isWhole: true, objects: 0, bytes: 0, copied: 0, kept: 0, repaired: 0, extra: 0, different: [] };

async function opened(t: TestContext): Promise<BlobStore> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-copy-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return openFileBlobs({ folder, secret: new Uint8Array(32) });
}

function inShortPages(store: BlobStore): BlobStore {
  return { ...store, list: (request) => store.list({ ...request, keysMax: 7 }) };
}

async function filled(t: TestContext, count: number): Promise<BlobStore> {
  const store = await opened(t);
  for (let number = 0; number < count; number += 1) await store.put(`films/${number}`, pattern(number % 97, number));
  return store;
}

async function contents(store: BlobStore): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await store.list(cursor === undefined ? { prefix: '' } : { prefix: '', cursor });
    for (const { key } of page.objects) {
      const chunks = await Array.fromAsync((await store.get(key))?.body ?? [], (chunk) => Buffer.from(chunk));
      found.set(key, sha256(Buffer.concat(chunks)));
    }
    cursor = page.cursor;
  }
  return found;
}
