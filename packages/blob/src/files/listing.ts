import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './faults.ts';
import { CONTINUES_MARK, OBJECT_MARK } from './object-path.ts';

type Entry = { readonly sortsAs: string; readonly kind: 'object' | 'folder'; readonly path: string };

/** Keys that begin with `prefix` and sort after `after`, in byte order, with the paths of their files. One folder is in memory at a time per depth. */
export async function* keysInOrder(folder: string, prefix: string, after: string): AsyncGenerator<{ key: string; path: string }> {
  yield* keysBelow(folder, '', prefix, after);
}

async function* keysBelow(folder: string, above: string, prefix: string, after: string): AsyncGenerator<{ key: string; path: string }> {
  const entries = await entriesOf(folder, '');
  entries.sort((one, other) => (one.sortsAs < other.sortsAs ? -1 : 1));
  for (const entry of entries) {
    const key = above + entry.sortsAs;
    if (entry.kind === 'object') {
      if (key > after && key.startsWith(prefix)) yield { key, path: entry.path };
    } else if (mayHoldWanted(key, prefix, after)) {
      yield* keysBelow(entry.path, key, prefix, after);
    }
  }
}

/** A folder stands for keys that begin with `start`, and sorts as its name with the slash; a continued name is part of its parent's level. */
async function entriesOf(folder: string, start: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const found of await namesIn(folder)) {
    const name = found.endsWith(OBJECT_MARK) || found.endsWith(CONTINUES_MARK) ? found.slice(0, -1) : found;
    const at = path.join(folder, found);
    if (found.endsWith(CONTINUES_MARK)) entries.push(...(await entriesOf(at, start + name)));
    else if (found.endsWith(OBJECT_MARK)) entries.push({ sortsAs: start + name, kind: 'object', path: at });
    else entries.push({ sortsAs: `${start}${name}/`, kind: 'folder', path: at });
  }
  return entries;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    // The last object in it was deleted meanwhile.
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function mayHoldWanted(start: string, prefix: string, after: string): boolean {
  const matches = start.startsWith(prefix) || prefix.startsWith(start);
  return matches && (start > after || after.startsWith(start));
}
