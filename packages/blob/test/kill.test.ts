import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import type { BlobStore } from '@bioscope/blob';
import { openFileBlobs } from '@bioscope/blob/files';
import { bytesOf } from './numbered-bytes.ts';

const KILLS = process.env.BIOSCOPE_TEST_ALL === '1' ? 100 : 8;
const seed = Number(process.env.BIOSCOPE_TEST_SEED ?? Date.now() % 1_000_000);

describe('blobs in files, killed while putting', () => {
  it('keeps every acknowledged object whole and shows no other in part', { timeout: 300_000 }, async (t) => {
    t.diagnostic(`BIOSCOPE_TEST_SEED=${seed}`);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-kill-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const acknowledged = new Set<number>();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = acknowledged.size;
      await putUntilKilled(folder, kill, acknowledged);
      assert.ok(acknowledged.size > before, 'the killed process had acknowledged nothing: this kill proved nothing');
    }
    const store = await openFileBlobs({ folder, secret: new Uint8Array(32) });
    const seen = await everyObjectIsWhole(store);
    for (const number of acknowledged) assert.ok(seen.has(number), `object ${number} was acknowledged and is gone`);
    assert.equal((await readdir(path.join(folder, 'temporary'))).length, 1, 'half-written files of killed processes are left');
  });
});

async function putUntilKilled(folder: string, kill: number, acknowledged: Set<number>): Promise<void> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'putting-child.ts'), folder, String(kill * 1_000_000)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // After a number of acknowledgements, not a time: a loaded machine is killed at as many different places as an idle one.
  const killAfter = 1 + ((seed * 31 + kill * 7) % 23);
  let seen = 0;
  for await (const line of createInterface(child.stdout)) {
    acknowledged.add(Number(line));
    if (++seen === killAfter) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function everyObjectIsWhole(store: BlobStore): Promise<Set<number>> {
  const seen = new Set<number>();
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await store.list(cursor === undefined ? { prefix: '' } : { prefix: '', cursor });
    for (const { key, bytes } of page.objects) {
      const number = Number(key.split('/').at(-1));
      const expected = bytesOf(number);
      assert.equal(bytes, expected.length, `${key} has not all its bytes`);
      const found = await Array.fromAsync((await store.get(key))?.body ?? [], (chunk) => Buffer.from(chunk));
      assert.ok(Buffer.concat(found).equals(expected), `${key} has other bytes`);
      seen.add(number);
    }
    cursor = page.cursor;
  }
  return seen;
}
