import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { engineForTests, engineMissing } from '@bioscope/engines/testing';
import { openS3 } from './s3-store.ts';

const SMALL_DISK = 'mount -t tmpfs -o size=2m none "$1" && exec "$2" "$3" "$1" "$4"';

describe('blobs on a full disk', () => {
  it('refuses with BLOB_NO_SPACE, leaves nothing behind, and goes on when there is space', { skip: cannotMount() }, async (t) => {
    assert.equal(await onSmallDisk(t, 'full-disk-child.ts'), 'refused and recovered\n');
  });

  it(
    'makes room for a local copy of what is elsewhere by giving up unused ones',
    { skip: cannotMount() || engineMissing('s3') },
    async (t) => {
      const engine = await engineForTests('s3');
      t.after(() => engine.release());
      await using s3 = await openS3(engine.addresses);
      assert.equal(await onSmallDisk(t, 's3-full-disk-child.ts', JSON.stringify(s3.options)), 'refused and recovered\n');
    },
  );
});

async function onSmallDisk(t: TestContext, program: string, ...more: string[]): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-full-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const child = [process.execPath, path.join(import.meta.dirname, program)];
  const shell = ['--mount', '--map-root-user', 'sh', '-c', SMALL_DISK, 'sh', folder];
  return (await promisify(execFile)('unshare', [...shell, ...child, ...more])).stdout;
}

function cannotMount(): string | false {
  try {
    execFileSync('unshare', ['--mount', '--map-root-user', 'sh', '-c', 'mount -t tmpfs -o size=2m none /mnt'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'this user may not mount a small file system of its own (unshare --mount)';
  }
}
