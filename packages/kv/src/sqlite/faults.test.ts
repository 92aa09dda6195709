import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { KvFault, type KvFaultCode, type KvStore } from '../port.ts';
import { bytes, utf8 } from '../text.ts';
import { newToken } from '../token.ts';
import { openKv } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-kv-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const put = (store: KvStore, record: string, size = 10): Promise<void> =>
  store.items.put({ namespace: 'n', record, items: [{ key: bytes('k'), value: new Uint8Array(size) }], token: newToken() });

function fault(code: KvFaultCode, message: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof KvFault, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  };
}

describe('opening a store', () => {
  it('refuses a folder that this process already uses, and lets it be opened once that store is closed', async () => {
    const first = await openKv({ folder });
    await assert.rejects(openKv({ folder }), fault('KV_UNAVAILABLE', /another process uses this store/));
    await put(first, 'r');
    await first.close();
    const second = await openKv({ folder });
    assert.equal((await second.items.get({ namespace: 'n', record: 'r' })).items.length, 1);
    await second.close();
  });

  it('refuses a folder that another process uses, until that process is killed', { timeout: 60_000 }, async () => {
    const script = `import { openKv } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)};
      await openKv({ folder: ${JSON.stringify(folder)} }); console.log('open'); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(other.stdout, 'data');
      await assert.rejects(openKv({ folder }), fault('KV_UNAVAILABLE', /another process uses this store/));
    } finally {
      other.kill('SIGKILL');
      await once(other, 'close');
    }
    await (await openKv({ folder })).close();
  });

  it('keeps what it stores from other users of the machine', async () => {
    const inside = path.join(folder, 'made');
    await (await openKv({ folder: inside })).close();
    assert.equal((await stat(inside)).mode & 0o777, 0o700);
  });

  it('says so when the file is not a database, is cut short, or is damaged inside', async () => {
    const file = path.join(folder, 'kv.db');
    await writeFile(file, 'this is no database, but it is long enough to look like one'.repeat(100));
    await assert.rejects(openKv({ folder }), fault('KV_UNAVAILABLE', /kv\.db is damaged or not a SQLite file/));
    await rm(file);
    await fillAndClose(folder);
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, Math.floor(whole.length / 2)));
    await assert.rejects(openKv({ folder }), fault('KV_UNAVAILABLE', /damaged/));
    // Every page but the first: whatever the file looks like inside, some of it must matter.
    const wrong = Buffer.from(whole);
    for (let at = 4096; at < wrong.length; at += 4096) wrong.fill(0xa5, at, at + 64);
    await writeFile(file, wrong);
    await assert.rejects(openKv({ folder }), fault('KV_UNAVAILABLE', /damaged/));
    await writeFile(file, whole);
    const mended = await openKv({ folder });
    assert.equal((await mended.items.scan({ namespace: 'n' })).items.length, 50);
    await mended.close();
  });

  it('refuses a file of another program and a file of a newer release, and leaves them alone', async () => {
    const foreign = new DatabaseSync(path.join(folder, 'kv.db'));
    foreign.exec('CREATE TABLE theirs (x)');
    foreign.close();
    await assert.rejects(openKv({ folder }), fault('KV_UNAVAILABLE', /some other program/));
    await rm(path.join(folder, 'kv.db'));
    await (await openKv({ folder })).close();
    const newer = new DatabaseSync(path.join(folder, 'kv.db'));
    newer.exec("INSERT INTO schema_version VALUES (9999, 'later')");
    newer.close();
    await assert.rejects(openKv({ folder }), fault('KV_UNAVAILABLE', /schema 9999, newer than this release/));
  });
});

describe('a store in trouble', () => {
  it('refuses writes while there is no room, answers reads, and goes on once there is room again', async () => {
    const store = await openKv({ folder, bytesMax: 1024 * 1024 });
    await put(store, 'first');
    let filled = 0;
    await assert.rejects(
      async () => {
        for (; filled < 100; filled += 1) await put(store, `fill ${filled}`, 64 * 1024);
      },
      fault('KV_NO_SPACE', /full/),
    );
    assert.ok(filled > 5 && filled < 20, `refused after ${filled}`);
    assert.equal((await store.items.get({ namespace: 'n', record: 'first' })).items.length, 1);
    assert.equal(
      (await store.items.get({ namespace: 'n', record: `fill ${filled}` })).items.length,
      0,
      'nothing of a refused write may stay',
    );
    for (let index = 0; index < filled; index += 1) {
      await store.items.delete({ namespace: 'n', record: `fill ${index}`, select: { kind: 'all' }, token: newToken() });
    }
    await put(store, 'again', 64 * 1024);
    await store.close();
  });

  it('fails only the write that does not fit, not those sent with it', async () => {
    const store = await openKv({ folder, bytesMax: 1024 * 1024 });
    const results = await Promise.allSettled([put(store, 'a'), put(store, 'huge', 4 * 1024 * 1024), put(store, 'b')]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.equal((await store.items.scan({ namespace: 'n' })).items.length, 2);
    await store.close();
  });

  it('survives a disk that is really full', { skip: canMount() ? false : 'needs the right to mount a small file system' }, async () => {
    const script = new URL('../../test/full-disk.ts', import.meta.url).pathname;
    const mounted = `mount -t tmpfs -o size=2m none ${folder} && exec ${process.execPath} ${script} ${folder}`;
    const child = spawn('unshare', ['-m', 'sh', '-c', mounted], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await once(child, 'close');
    assert.equal(out, 'refused with KV_NO_SPACE, nothing lost, usable again\n');
  });

  it('settles what waits when it is closed, and refuses what comes after', async () => {
    const store = await openKv({ folder });
    const waiting = Promise.all(Array.from({ length: 100 }, (_, index) => put(store, `r${index}`)));
    const closed = store.close();
    await assert.rejects(put(store, 'late'), fault('KV_CLOSED', /closed/));
    await waiting;
    await closed;
    await store.close();
    assert.throws(() => store.streams.subscribe({ namespace: 'n', after: null }, async () => {}), fault('KV_CLOSED', /closed/));
    const again = await openKv({ folder });
    assert.equal((await again.items.scan({ namespace: 'n' })).items.length, 100);
    await again.close();
  });

  it('refuses calls beyond what may wait instead of growing without end', async () => {
    const store = await openKv({ folder });
    const value = new Uint8Array(16 * 1024 * 1024);
    const item = { key: bytes('k'), value };
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, () =>
        store.items.put({ namespace: 'n', record: 'r', items: [item], token: newToken() }, { deadlineMs: 60_000 }),
      ),
    );
    const refused = results.filter((result) => result.status === 'rejected');
    assert.ok(refused.length >= 4 && refused.length < 20, `${refused.length} refused`);
    for (const { reason } of refused) fault('KV_UNAVAILABLE', /overloaded/)(reason);
    await put(store, 'after');
    await store.close();
  });
});

async function fillAndClose(into: string): Promise<void> {
  const store = await openKv({ folder: into });
  for (let index = 0; index < 50; index += 1) await put(store, `r${index}`, 2_000);
  await store.close();
  // After a clean close everything is in the one file.
  assert.equal(existsSync(path.join(into, 'kv.db-wal')), false);
  const file = await open(path.join(into, 'kv.db'));
  const { buffer } = await file.read(Buffer.alloc(15), 0, 15, 0);
  await file.close();
  assert.equal(utf8(buffer), 'SQLite format 3');
}

function canMount(): boolean {
  return process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
}
