import { mkdir, readdir, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from '../files/faults.ts';

/** Beyond this many tokens at once the oldest are checked anew: a look at the folder must stay short. */
const GRANTS_MAX = 100_000;

/** Starts with no grants: what an earlier run granted may rest on keys that are gone. */
export async function clearGrants(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
}

/** Takes away the grants of tokens that have expired or whose key is not among `keyIds`. What token.js grants is described there. */
export async function sweepGrants(folder: string, keyIds: ReadonlySet<string>, nowMs: number): Promise<void> {
  const names = await readdir(folder);
  const isOver = (name: string): boolean => {
    const [keyId = '', expiry = ''] = name.split('.', 2);
    return !keyIds.has(keyId) || !(Number(expiry) * 1000 > nowMs);
  };
  const over = names.filter(isOver);
  const surplus = names.length - over.length - GRANTS_MAX;
  if (surplus > 0) over.push(...names.filter((name) => !isOver(name)).slice(0, surplus));
  for (const name of over) {
    await unlink(join(folder, name)).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}
