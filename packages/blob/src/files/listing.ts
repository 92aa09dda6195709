import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../disk-faults.ts';
import { OBJECT_MARK } from './object-path.ts';

type Entry = { readonly sortsAs: string; readonly kind: 'object' | 'folder'; readonly path: string };

/** Keys that begin with `prefix` and sort after `after`, in byte order, with the paths of their files. One folder is in memory at a time per depth. */
export async function* keysInOrder(folder: string, prefix: string, after: string): AsyncGenerator<{ key: string; path: string }> {
  yield* keysBelow(folder, '', prefix, after);
}

async function* keysBelow(folder: string, above: string, prefix: string, after: string): AsyncGenerator<{ key: string; path: string }> {
  const entries = await entriesOf(folder);
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

/** A folder stands for keys that begin with its name, and sorts as its name with the slash. */
async function entriesOf(folder: string): Promise<Entry[]> {
  return (await namesIn(folder)).map((found) => {
    const at = path.join(folder, found);
    return found.endsWith(OBJECT_MARK)
      ? { sortsAs: found.slice(0, -1), kind: 'object', path: at }
      : { sortsAs: `${found}/`, kind: 'folder', path: at };
  });
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
