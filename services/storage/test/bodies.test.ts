import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BlobFault } from '@bioscope/blob';
import { bytes } from '@bioscope/kv';
import { connectTo, eventually, startStorage } from './running-storage.ts';
import type { RemoteState, RunningStorage } from './running-storage.ts';

const MIB = 1024 * 1024;
const BODY_MIB = 200;
/** Far below the body, far above what buffers and a lazy collector take. */
const GROWTH_MIB_MAX = 120;

let storage: RunningStorage;
let state: RemoteState;
before(async () => {
  storage = await startStorage();
  state = await connectTo(storage);
});
after(async () => {
  await state.close();
  await storage.end();
});

describe('a body that does not arrive whole', () => {
  it('leaves nothing behind, and the storage serves others', { timeout: 60_000 }, async () => {
    const uploads = Array.from({ length: 5 }, (_, index) => {
      const aborting = new AbortController();
      const body = chunks(50, () => void setTimeout(() => aborting.abort(new Error('changed my mind')), 5));
      return assert.rejects(state.blob.put(`broken-${index}`, body, { signal: aborting.signal }), /changed my mind/);
    });
    await Promise.all(uploads);
    assert.deepEqual((await state.blob.list({ prefix: 'broken' })).objects, []);
    await state.blob.put('whole', bytes('x'));
    await eventually('the halves are swept', async () => (await halves()).length === 0);
  });

  it('is refused beyond the number that move at once, without waiting', { timeout: 60_000 }, async () => {
    const gate = Promise.withResolvers<void>();
    const held = Array.from({ length: 64 }, (_, index) => state.blob.put(`held-${index}`, until(gate.promise)));
    await eventually('the uploads are under way', async () => (await halves()).length === 64);
    await assert.rejects(
      state.blob.put('one-more', until(gate.promise)),
      (error) => error instanceof BlobFault && error.code === 'BLOB_UNAVAILABLE',
    );
    gate.resolve();
    await Promise.all(held);
    assert.equal((await state.blob.put('one-more', bytes('x'))).kind, 'stored');
  });
});

describe('a body of 200 MiB', () => {
  it('goes in and out whole, while neither side holds much of it', { timeout: 120_000 }, async (test) => {
    // Warm, so that what is measured is the bodies.
    await state.blob.put('warm', chunks(8));
    const memory = watchMemory(storage.pid());
    const hash = createHash('sha256');
    const put = await state.blob.put(
      'film',
      chunks(BODY_MIB, (chunk) => hash.update(chunk)),
    );
    const sha256 = hash.digest('hex');
    assert.ok(put.kind === 'stored');
    assert.deepEqual([put.bytes, put.sha256], [BODY_MIB * MIB, sha256]);

    const read = await state.blob.get('film');
    assert.ok(read !== null);
    const again = createHash('sha256');
    let received = 0;
    for await (const chunk of read.body as AsyncIterable<Uint8Array>) {
      // Stands still for a moment, at the start and in the middle: whoever sends has to wait, not to store.
      if (received === 0 || (received < 100 * MIB && received + chunk.length >= 100 * MIB)) await sleep(500);
      received += chunk.length;
      again.update(chunk);
    }
    assert.deepEqual([received, again.digest('hex')], [BODY_MIB * MIB, sha256]);
    const grown = await memory.grown();
    test.diagnostic(`grew by ${grown.storage.toFixed(0)} MiB in the storage, ${grown.here.toFixed(0)} MiB here`);
    assert.ok(grown.storage < GROWTH_MIB_MAX && grown.here < GROWTH_MIB_MAX, JSON.stringify(grown));
  });

  it('is copied to a path by a link, which stays when key and storage are gone', async () => {
    await state.blob.put('copied', bytes('moving pictures'));
    const copy = await state.blob.localCopy('copied');
    assert.ok(copy !== null);
    assert.ok((await stat(copy.path)).nlink >= 2, 'it is a file of its own');
    await state.blob.delete('copied');
    await storage.kill();
    await storage.restart();
    assert.equal(await readFile(copy.path, 'utf8'), 'moving pictures');
    await copy[Symbol.asyncDispose]();
    await assert.rejects(readFile(copy.path));
  });

  it('is fetched for a copy where it cannot be linked', async () => {
    // Another file system: memory, where this system has one.
    const parent = (await isFolder('/dev/shm')) ? '/dev/shm' : storage.folder;
    const folder = await mkdtemp(join(parent, 'bioscope-storage-'));
    const elsewhere = await connectTo({ ...storage, folder });
    try {
      await elsewhere.blob.put('fetched', bytes('moving pictures'));
      const copy = await elsewhere.blob.localCopy('fetched');
      assert.ok(copy !== null);
      assert.equal(await readFile(copy.path, 'utf8'), 'moving pictures');
      await copy[Symbol.asyncDispose]();
    } finally {
      await elsewhere.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

async function halves(): Promise<string[]> {
  const folder = join(storage.folder, 'blob', 'temporary');
  const owners = await readdir(folder);
  return (await Promise.all(owners.map((owner) => readdir(join(folder, owner))))).flat();
}

async function* chunks(mib: number, seen: (chunk: Uint8Array) => void = () => undefined): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < mib * 4; sent += 1) {
    const chunk = new Uint8Array(MIB / 4).fill(sent);
    seen(chunk);
    yield chunk;
  }
}

async function* until(gate: Promise<void>): AsyncGenerator<Uint8Array> {
  yield bytes('first');
  await gate;
  yield bytes('last');
}

/** The highest resident sizes over the time, above what they were. */
function watchMemory(pid: number): { grown(): Promise<{ storage: number; here: number }> } {
  const peak = { storage: 0, here: 0 };
  let before: typeof peak | undefined;
  const done = new AbortController();
  const look = async (): Promise<void> => {
    const now = { storage: await residentMib(pid), here: process.memoryUsage().rss / MIB };
    before ??= now;
    peak.storage = Math.max(peak.storage, now.storage - before.storage);
    peak.here = Math.max(peak.here, now.here - before.here);
  };
  const watching = (async () => {
    while (!done.signal.aborted) {
      await look();
      await sleep(20);
    }
  })();
  return {
    async grown() {
      done.abort();
      await watching;
      return peak;
    },
  };
}

/** As /proc/PID/status tells it (proc(5)). */
async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / 1024;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
