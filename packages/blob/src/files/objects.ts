import { createReadStream } from 'node:fs';
import { link, open, rename, rmdir, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { closeUnread, readLater } from '../body-chunks.ts';
import { checkKey } from '../key.ts';
import { BlobFault } from '../port.ts';
import type { BlobInfo, BlobPut, BlobRead, BlobStore } from '../port.ts';
import { writeBody } from './body.ts';
import { makeFolder, syncFolder } from '../durable.ts';
import { etagOf } from './etag.ts';
import { errorCode, onDisk } from '../disk-faults.ts';
import { keysInOrder } from './listing.ts';
import { objectPath } from './object-path.ts';
import { discard } from '../temporary.ts';

export type ObjectFolder = { readonly folder: string; newTemporary(): string };
export const KEYS_PER_PAGE_MAX = 1000;
/** How often a put makes its folder again that a delete of its last neighbour removed at the same moment. */
const FOLDER_RACES_MAX = 20;

export function putObject(place: ObjectFolder): BlobStore['put'] {
  return (key, body, options = {}) =>
    onDisk(`Storing ${key}`, async () => {
      using _closed = { [Symbol.dispose]: () => closeUnread(body) };
      checkKey(key);
      const target = objectPath(place.folder, key);
      if (options.ifAbsent === true && (await infoAt(key, target)) !== null) return { kind: 'exists' };
      const temporary = place.newTemporary();
      try {
        await using file = await open(temporary, 'wx', 0o600);
        const written = await writeBody(file, body, { signal: options.signal });
        if (options.sha256 !== undefined && options.sha256 !== written.sha256) {
          throw new BlobFault('BLOB_CHECKSUM', `The bytes for ${key} have the SHA-256 ${written.sha256}, not ${options.sha256}.`);
        }
        return await enter(file, { temporary, target, ifAbsent: options.ifAbsent === true, ...written });
      } finally {
        await discard(temporary);
      }
    });
}

type Entering = { temporary: string; target: string; ifAbsent: boolean; bytes: number; sha256: string };

/** Gives a finished, synced file its name. Linking, unlike renaming, fails when the name is taken. */
export async function enter(file: FileHandle, { temporary, target, ifAbsent, bytes, sha256 }: Entering): Promise<BlobPut> {
  const etag = etagOf(await file.stat({ bigint: true }));
  for (let race = 0; ; race += 1) {
    try {
      await makeFolder(path.dirname(target));
      await (ifAbsent ? link(temporary, target) : rename(temporary, target));
      await syncFolder(path.dirname(target));
      return { kind: 'stored', etag, bytes, sha256 };
    } catch (error) {
      if (errorCode(error) === 'EEXIST') return { kind: 'exists' };
      if (errorCode(error) !== 'ENOENT' || race >= FOLDER_RACES_MAX) throw error;
    }
  }
}

export function getObject(place: ObjectFolder): BlobStore['get'] {
  return (key, options = {}) =>
    onDisk(`Reading ${key}`, async () => {
      checkKey(key);
      options.signal?.throwIfAborted();
      const file = await openIfThere(objectPath(place.folder, key));
      if (file === null) return null;
      try {
        return await readFrom(file, key, options);
      } catch (error) {
        await file.close();
        throw error;
      }
    });
}

/** The open file goes on being the object it was, also when another takes its key meanwhile. */
async function readFrom(
  file: FileHandle,
  key: string,
  { range, signal }: { range?: { start: number; end?: number }; signal?: AbortSignal },
): Promise<BlobRead> {
  const stats = await file.stat({ bigint: true });
  const bytes = Number(stats.size);
  const { start, end } = within(range ?? { start: 0 }, bytes);
  const info = { key, bytes, etag: etagOf(stats), modifiedAtMs: Number(stats.mtimeMs), range: { start, end } };
  const abort = signal === undefined ? {} : { signal };
  // A stream cannot be asked for no bytes at all: its end is inclusive. It is started past the end instead, where there are none.
  const limits = end > start ? { start, end: end - 1 } : { start: bytes };
  const body = createReadStream('', { fd: file, ...limits, highWaterMark: 256 * 1024, ...abort });
  return { ...info, body: readLater(body) };
}

function within(range: { start: number; end?: number }, bytes: number): { start: number; end: number } {
  const end = Math.min(range.end ?? bytes, bytes);
  const whole = Number.isSafeInteger(range.start) && (range.end === undefined || Number.isSafeInteger(range.end));
  if (whole && range.start >= 0 && range.start <= end) return { start: range.start, end };
  throw new BlobFault(
    'BLOB_RANGE',
    `The range ${range.start} to ${range.end ?? 'the end'} does not lie within the object's ${bytes} bytes.`,
  );
}

async function openIfThere(at: string): Promise<FileHandle | null> {
  try {
    return await open(at, 'r');
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}

export function headObject(place: ObjectFolder): BlobStore['head'] {
  return (key) =>
    onDisk(`Looking up ${key}`, async () => {
      checkKey(key);
      return infoAt(key, objectPath(place.folder, key));
    });
}

async function infoAt(key: string, at: string): Promise<BlobInfo | null> {
  try {
    const stats = await stat(at, { bigint: true });
    return { key, bytes: Number(stats.size), etag: etagOf(stats), modifiedAtMs: Number(stats.mtimeMs) };
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}

export function deleteObject(place: ObjectFolder): BlobStore['delete'] {
  return (key) =>
    onDisk(`Deleting ${key}`, async () => {
      checkKey(key);
      const target = objectPath(place.folder, key);
      try {
        await unlink(target);
      } catch (error) {
        if (isNotThere(error)) return;
        throw error;
      }
      await syncFolder(path.dirname(target)).catch(ignoreNotThere);
      await removeEmptyFolders(path.dirname(target), place.folder);
    });
}

async function removeEmptyFolders(from: string, top: string): Promise<void> {
  for (let folder = from; folder !== top; folder = path.dirname(folder)) {
    try {
      await rmdir(folder);
    } catch {
      // Not empty, or gone already: whoever emptied it goes on from there.
      return;
    }
  }
}

export function listObjects(place: ObjectFolder): BlobStore['list'] {
  return ({ prefix, cursor, keysMax = KEYS_PER_PAGE_MAX }) =>
    onDisk(`Listing ${prefix}`, async () => {
      const most = Math.max(1, Math.min(keysMax, KEYS_PER_PAGE_MAX));
      const objects: BlobInfo[] = [];
      for await (const found of keysInOrder(place.folder, prefix, cursor ?? '')) {
        if (objects.length === most) return { objects, cursor: objects.at(-1)?.key ?? null };
        const info = await infoAt(found.key, found.path);
        if (info !== null) objects.push(info);
      }
      return { objects, cursor: null };
    });
}

/** A hard link: it costs nothing, and the program keeps its bytes when the key is deleted or replaced under it. */
export function copyLocally(place: ObjectFolder): BlobStore['localCopy'] {
  return (key) =>
    onDisk(`Making a local copy of ${key}`, async () => {
      checkKey(key);
      const copy = place.newTemporary();
      try {
        await link(objectPath(place.folder, key), copy);
      } catch (error) {
        if (isNotThere(error)) return null;
        throw error;
      }
      return { path: copy, [Symbol.asyncDispose]: () => discard(copy) };
    });
}

function isNotThere(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
}

function ignoreNotThere(error: unknown): void {
  if (!isNotThere(error)) throw error;
}
