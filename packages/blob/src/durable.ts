import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './disk-faults.ts';

/** A name in a folder survives a power cut only after the folder itself was synced. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems cannot sync a folder and say so; nothing better can be done there.
    if (errorCode(error) !== 'EINVAL') throw error;
  }
}

/** Makes a folder and those above it, each entered durably into its parent. */
export async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const top = path.dirname(first);
  for (let parent = path.dirname(folder); parent.length >= top.length; parent = path.dirname(parent)) {
    await syncFolder(parent);
    if (parent === path.dirname(parent)) return;
  }
}
