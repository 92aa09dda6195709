import { BlobFault } from '@bioscope/blob';
import type { BlobStore } from '@bioscope/blob';

/** Local copies that others on this machine may link for themselves. */
export type Lendings = {
  /** A path that stays for `LENT_MS`; null when there is no such object. */
  lend(key: string): Promise<string | null>;
  close(): Promise<void>;
};

/** Linking takes a millisecond; a machine that swaps, a second. */
const LENT_MS = 10_000;
/** At once. Each is a link on the store's own disk. */
const LENDINGS_MAX = 1_000;

export function createLendings(blob: Pick<BlobStore, 'localCopy'>): Lendings {
  const lent = new Map<NodeJS.Timeout, AsyncDisposable>();

  return {
    async lend(key) {
      if (lent.size >= LENDINGS_MAX) throw new BlobFault('BLOB_UNAVAILABLE', 'Too many copies are lent out; try again later.');
      const copy = await blob.localCopy(key);
      if (copy === null) return null;
      const timer = setTimeout(() => {
        lent.delete(timer);
        // Its file goes with the process at the latest.
        void copy[Symbol.asyncDispose]();
      }, LENT_MS);
      lent.set(timer, copy);
      return copy.path;
    },
    async close() {
      const copies = [...lent.values()];
      for (const timer of lent.keys()) clearTimeout(timer);
      lent.clear();
      await Promise.all(copies.map((copy) => copy[Symbol.asyncDispose]()));
    },
  };
}
