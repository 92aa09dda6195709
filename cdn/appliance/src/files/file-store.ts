import { mkdir, open, readdir, rename, rm, rmdir, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { EDITION_ID, FILE_NAME } from '@bioscope/control/contract';
import { isNotFound } from './faults.ts';
import type { Layout } from './layout.ts';
import { stampOf } from './stamp.ts';

export type FileKey = { readonly editionId: string; readonly name: string };
export type WantedFile = { readonly name: string; readonly bytes: number; readonly sha256: string };
export type FileCondition = 'well' | 'changed' | 'missing';

/** The checked files on disk. The disk is the record: after a kill it is read again. */
export type FileStore = {
  isHeld(editionId: string, file: WantedFile): boolean;
  held(): FileKey[];
  heldBytes(): number;
  pathOf(key: FileKey): string;
  partialPathOf(key: FileKey): Promise<string>;
  /** Moves a finished, checked, closed download into place; durable when it resolves. */
  place(editionId: string, file: WantedFile): Promise<void>;
  /** Compares the file on disk with what was placed. */
  condition(key: FileKey): Promise<FileCondition>;
  /** Takes a bad file away from where it is served. */
  quarantine(key: FileKey): Promise<void>;
  delete(key: FileKey): Promise<void>;
  /** Deletes downloads that nobody wants any more. */
  sweepPartials(isWanted: (key: FileKey) => boolean): Promise<void>;
};

type Entry = { readonly bytes: number; readonly stamp: number };

/** Enough to look at after a bad night, little enough to never fill a disk with bad files. */
const QUARANTINED_MAX = 4;

export async function openFileStore(layout: Layout): Promise<FileStore> {
  for (const folder of [layout.files, layout.partial, layout.quarantine]) await mkdir(folder, { recursive: true });
  const editions = new Map<string, Map<string, Entry>>();
  for (const key of await listKeys(layout.files)) {
    const { size, mtimeMs } = await stat(join(layout.files, key.editionId, key.name));
    remember(key, { bytes: size, stamp: mtimeMs / 1000 });
  }

  function remember({ editionId, name }: FileKey, entry: Entry): void {
    const files = editions.get(editionId) ?? new Map<string, Entry>();
    files.set(name, entry);
    editions.set(editionId, files);
  }
  function forget({ editionId, name }: FileKey): void {
    const files = editions.get(editionId);
    files?.delete(name);
    if (files?.size === 0) editions.delete(editionId);
  }
  const pathOf = (key: FileKey): string => join(layout.files, key.editionId, key.name);

  return {
    isHeld(editionId, file) {
      const entry = editions.get(editionId)?.get(file.name);
      return entry !== undefined && entry.bytes === file.bytes && entry.stamp === stampOf(file.sha256);
    },
    held: () => [...editions].flatMap(([editionId, files]) => [...files.keys()].map((name) => ({ editionId, name }))),
    heldBytes: () => [...editions.values()].flatMap((files) => [...files.values()]).reduce((sum, entry) => sum + entry.bytes, 0),
    pathOf,
    async partialPathOf({ editionId, name }) {
      await mkdir(join(layout.partial, editionId), { recursive: true });
      return join(layout.partial, editionId, name);
    },
    async place(editionId, file) {
      const key = { editionId, name: file.name };
      const partial = join(layout.partial, editionId, file.name);
      const stamp = stampOf(file.sha256);
      await utimes(partial, stamp, stamp);
      await sync(partial);
      await mkdir(join(layout.files, editionId), { recursive: true });
      await rename(partial, pathOf(key));
      await sync(join(layout.files, editionId));
      await sync(layout.files);
      remember(key, { bytes: file.bytes, stamp });
    },
    async condition(key) {
      const entry = editions.get(key.editionId)?.get(key.name);
      try {
        const { size, mtimeMs } = await stat(pathOf(key));
        return entry !== undefined && size === entry.bytes && mtimeMs / 1000 === entry.stamp ? 'well' : 'changed';
      } catch (error) {
        if (isNotFound(error)) return 'missing';
        throw error;
      }
    },
    async quarantine(key) {
      forget(key);
      await rename(pathOf(key), join(layout.quarantine, `${Date.now()}-${key.editionId}-${key.name}`)).catch(ignoreNotFound);
      const kept = (await readdir(layout.quarantine)).sort();
      for (const name of kept.slice(0, -QUARANTINED_MAX)) await rm(join(layout.quarantine, name), { force: true });
    },
    async delete(key) {
      forget(key);
      await rm(pathOf(key), { force: true });
      // Fails while other files are in it, and that is the point.
      await rmdir(join(layout.files, key.editionId)).catch(() => undefined);
    },
    async sweepPartials(isWanted) {
      for (const key of await listKeys(layout.partial)) {
        if (!isWanted(key)) await rm(join(layout.partial, key.editionId, key.name), { force: true });
        // Fails while other downloads are in it.
        await rmdir(join(layout.partial, key.editionId)).catch(() => undefined);
      }
    },
  };
}

/** Names that could not have been placed by us are passed over. */
async function listKeys(folder: string): Promise<FileKey[]> {
  const keys: FileKey[] = [];
  for (const edition of await readdir(folder, { withFileTypes: true })) {
    if (!edition.isDirectory() || !EDITION_ID.test(edition.name)) continue;
    for (const file of await readdir(join(folder, edition.name), { withFileTypes: true })) {
      if (file.isFile() && FILE_NAME.test(file.name)) keys.push({ editionId: edition.name, name: file.name });
    }
  }
  return keys;
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignoreNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}
