import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where a file is written before it is whole. */
export function partialPath(path: string): string {
  return `${path}.partial`;
}

/** Puts a finished file in its place: durable, and never seen half-written. */
export async function moveIntoPlace(partial: string, path: string): Promise<void> {
  await flush(partial);
  await rename(partial, path);
  await flush(dirname(path));
}

async function flush(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}

export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isFile(),
    (fault: unknown) => {
      if (fault instanceof Error && 'code' in fault && fault.code === 'ENOENT') return false;
      throw fault;
    },
  );
}

export async function removeFiles(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true })));
}
