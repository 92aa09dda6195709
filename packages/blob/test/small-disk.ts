import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';

const SMALL_DISK = 'mount -t tmpfs -o size=2m none "$1" && exec "$2" "$3" "$1" "$4"';

/** Runs a program of this folder on a file system of two megabytes; gives what it wrote. */
export async function onSmallDisk(t: TestContext, program: string, ...more: string[]): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-blob-full-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const child = [process.execPath, path.join(import.meta.dirname, program)];
  const shell = ['--mount', '--map-root-user', 'sh', '-c', SMALL_DISK, 'sh', folder];
  return (await promisify(execFile)('unshare', [...shell, ...child, ...more])).stdout;
}

/** Why not, or false. */
export function cannotMount(): string | false {
  try {
    execFileSync('unshare', ['--mount', '--map-root-user', 'sh', '-c', 'mount -t tmpfs -o size=2m none /mnt'], { stdio: 'ignore' });
    return false;
  } catch {
    return 'this user may not mount a small file system of its own (unshare --mount)';
  }
}
