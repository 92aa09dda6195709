import { createHash } from 'node:crypto';
import { BlobFault } from './port.ts';
import type { BlobInfo, BlobStore } from './port.ts';

export type CopyProgress = { readonly phase: 'copying' | 'checking'; readonly objects: number; readonly bytes: number };
export type CopyOptions = {
  /** Only keys that begin with it. */
  readonly prefix?: string;
  /** Objects under way at once. */
  readonly parallelMax?: number;
  readonly signal?: AbortSignal;
  /** After each object; counts from 0 again for the check. */
  readonly onProgress?: (progress: CopyProgress) => void;
};
export type CopyReport = {
  /** Whether every object of the source is at the target with the same bytes. */
  readonly isWhole: boolean;
  /** At the source, at the end. */
  readonly objects: number;
  readonly bytes: number;
  readonly copied: number;
  /** Found at the target with the right size, and not sent again. */
  readonly kept: number;
  /** Found to have other bytes at the check, sent again, and now right. */
  readonly repaired: number;
  /** At the target and not at the source; left alone. */
  readonly extra: number;
  /** Not the same at the end, the first hundred: damaged, or changed by somebody while they were copied. */
  readonly different: readonly string[];
};

const PARALLEL = 4;
const DIFFERENT_NAMED_MAX = 100;

/**
 * Copies all objects of one store to another, then checks counts, sizes and SHA-256 by reading both sides. May be stopped at any moment and
 * called again: what is there is not sent twice. Nothing is deleted, and nothing written to the source. Writers should be stopped: what
 * changes meanwhile is found by the check, and named.
 */
export async function copyBlobs(from: BlobStore, to: BlobStore, options: CopyOptions = {}): Promise<CopyReport> {
  const { copied, kept } = await copyMissing(from, to, options);
  return { copied, kept, ...(await checkAll(from, to, options)) };
}

async function copyMissing(from: BlobStore, to: BlobStore, options: CopyOptions): Promise<{ copied: number; kept: number }> {
  const count = counter('copying', options);
  let [copied, kept] = [0, 0];
  await forEachOf(pairsOf(from, to, options), options, async ({ source, target }) => {
    if (source === null) return;
    const isThere = target?.bytes === source.bytes;
    if (!isThere) await copyOne(from, to, source, options);
    if (isThere) kept += 1;
    else copied += 1;
    count.one(source);
  });
  return { copied, kept };
}

async function checkAll(from: BlobStore, to: BlobStore, options: CopyOptions): Promise<Omit<CopyReport, 'copied' | 'kept'>> {
  const count = counter('checking', options);
  const different: string[] = [];
  let [repaired, extra, wrong] = [0, 0, 0];
  await forEachOf(pairsOf(from, to, options), options, async ({ source, target }) => {
    if (source === null) {
      extra += 1;
      return;
    }
    count.one(source);
    const expected = await sha256Of(from, source.key, options);
    if (target !== null && (await sha256Of(to, source.key, options)) === expected) return;
    await copyOne(from, to, source, options);
    if (expected !== null && (await sha256Of(to, source.key, options)) === expected) {
      repaired += 1;
      return;
    }
    wrong += 1;
    if (different.length < DIFFERENT_NAMED_MAX) different.push(source.key);
  });
  return { ...count.sum(), isWhole: wrong === 0, repaired, extra, different };
}

async function copyOne(from: BlobStore, to: BlobStore, { key }: BlobInfo, { signal }: CopyOptions): Promise<void> {
  const read = await from.get(key, signal === undefined ? {} : { signal });
  // Deleted since it was listed: the check says so if it matters.
  if (read === null) return;
  try {
    await to.put(key, read.body, { bytesExpected: read.bytes, ...(signal === undefined ? {} : { signal }) });
  } finally {
    read.body.destroy();
  }
}

async function sha256Of(store: BlobStore, key: string, { signal }: CopyOptions): Promise<string | null> {
  const read = await store.get(key, signal === undefined ? {} : { signal });
  if (read === null) return null;
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of read.body) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  if (bytes !== read.bytes) throw new BlobFault('BLOB_UNAVAILABLE', `Reading ${key}: ${bytes} bytes came instead of ${read.bytes}.`);
  return hash.digest('hex');
}

type Pair = { readonly source: BlobInfo | null; readonly target: BlobInfo | null };

/** Both stores side by side. Both list in byte order, so that a page of each is enough to have in memory. */
async function* pairsOf(from: BlobStore, to: BlobStore, { prefix = '' }: CopyOptions): AsyncGenerator<Pair> {
  const targets = everythingIn(to, prefix);
  let next = await targets.next();
  for await (const source of everythingIn(from, prefix)) {
    for (; next.done !== true && next.value.key < source.key; next = await targets.next()) yield { source: null, target: next.value };
    const isSame = next.done !== true && next.value.key === source.key;
    yield { source, target: next.done !== true && isSame ? next.value : null };
    if (isSame) next = await targets.next();
  }
  for (; next.done !== true; next = await targets.next()) yield { source: null, target: next.value };
}

async function* everythingIn(store: BlobStore, prefix: string): AsyncGenerator<BlobInfo, undefined> {
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page = await store.list(cursor === undefined ? { prefix } : { prefix, cursor });
    yield* page.objects;
    cursor = page.cursor;
  }
}

/** Acts on items, so many at once; the first failure ends it when those under way have settled. */
async function forEachOf<T>(
  items: AsyncIterable<T>,
  { parallelMax = PARALLEL, signal }: CopyOptions,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const item of items) {
    if (signal?.aborted === true || failures.length > 0) break;
    const acting = act(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underWay.delete(acting));
    underWay.add(acting);
    if (underWay.size >= parallelMax) await Promise.race(underWay);
  }
  await Promise.all(underWay);
  signal?.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}

function counter(phase: CopyProgress['phase'], { onProgress }: CopyOptions) {
  let [objects, bytes] = [0, 0];
  return {
    one(object: BlobInfo) {
      objects += 1;
      bytes += object.bytes;
      onProgress?.({ phase, objects, bytes });
    },
    sum: () => ({ objects, bytes }),
  };
}
