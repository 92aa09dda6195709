import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const SMALL_DISK = 'mount -t tmpfs -o size=2m none "$1" && exec "$2" "$3" "$1"';

describe('blobs on a full disk', () => {
  it('refuses with BLOB_NO_SPACE, leaves nothing behind, and goes on when there is space', { skip: cannotMount() }, async (t) => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-full-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const child = path.join(import.meta.dirname, 'full-disk-child.ts');
    const { stdout } = await promisify(execFile)('unshare', [
      '--mount',
      '--map-root-user',
      'sh',
      '-c',
      SMALL_DISK,
      'sh',
      folder,
      process.execPath,
      child,
    ]);
    assert.equal(stdout, 'refused and recovered\n');
  });
});

function cannotMount(): string | false {
  try {
    execFileSync('unshare', ['--mount', '--map-root-user', 'sh', '-c', 'mount -t tmpfs -o size=2m none /mnt'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'this user may not mount a small file system of its own (unshare --mount)';
  }
}
