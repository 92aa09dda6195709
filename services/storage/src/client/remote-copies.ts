import { link } from 'node:fs/promises';
import type { BlobStore } from '@bioscope/blob';
import { discard, localCopies, openTemporary } from '@bioscope/blob/engine';

export type CopiesParts = Pick<BlobStore, 'head' | 'get'> & {
  readonly folder: string;
  /** A path on the storage's machine that stays a few seconds. */
  readonly lend: (key: string) => Promise<string | null>;
};

/** As for objects from elsewhere: who works on one often asks for it again. */
const KEPT_MS = 5 * 60_000;
const KEPT_BYTES_MAX = 8 * 1024 ** 3;

/**
 * Local copies of this process, in a folder of its own, which is swept when the process is gone. On the file system of the store a copy is a link to the object:
 * it stays whatever becomes of the key or of the storage. Elsewhere the bytes are fetched.
 */
export async function remoteCopies({ folder, lend, head, get }: CopiesParts): Promise<BlobStore['localCopy']> {
  const temporary = await openTemporary(folder);
  const fetched = localCopies({ head, get }, { newTemporary: () => temporary.newPath(), keptMs: KEPT_MS, keptBytesMax: KEPT_BYTES_MAX });
  return async (key) => {
    const lent = await lend(key);
    if (lent === null) return null;
    const path = temporary.newPath();
    try {
      await link(lent, path);
    } catch {
      // Another machine, another file system, or no right to it: which of them makes no difference.
      return fetched.localCopy(key);
    }
    return { path, [Symbol.asyncDispose]: () => discard(path) };
  };
}
