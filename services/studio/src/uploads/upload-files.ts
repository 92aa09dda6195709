import { mkdir, open, readFile, readdir, rename, rm, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { ID } from '../domain/names.ts';

export type UploadInfo = { readonly id: string; readonly bytes: number; readonly createdAtMs: number };
export type UploadStanding = UploadInfo & { readonly offset: number; readonly touchedAtMs: number };
export type UploadFiles = ReturnType<typeof uploadFiles>;

/** Uploads as pairs of files: `<id>.json` says how long it will be, `<id>.film` grows. The size of the file is how far it is: also after a kill. */
export function uploadFiles(folder: string) {
  const infoPath = (id: string) => path.join(folder, `${checked(id)}.json`);
  const dataPath = (id: string) => path.join(folder, `${checked(id)}.film`);

  return {
    dataPath,

    async make(info: UploadInfo): Promise<void> {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await (await open(dataPath(info.id), 'wx', 0o600)).close();
      await using file = await open(`${infoPath(info.id)}.partial`, 'w', 0o600);
      await file.writeFile(JSON.stringify(info));
      await file.sync();
      await rename(`${infoPath(info.id)}.partial`, infoPath(info.id));
      await syncFolder(folder);
    },

    async find(id: string): Promise<UploadStanding | null> {
      if (!ID.test(id)) return null;
      try {
        const info = JSON.parse(await readFile(infoPath(id), 'utf8')) as UploadInfo;
        const { size, mtimeMs } = await stat(dataPath(id));
        return { ...info, offset: size, touchedAtMs: mtimeMs };
      } catch (error) {
        if (isNotThere(error)) return null;
        throw error;
      }
    },

    /** The information first: without it the data is nobody's, and the next sweep takes it. */
    async remove(id: string): Promise<void> {
      await rm(infoPath(id), { force: true });
      await rm(dataPath(id), { force: true });
    },

    /** Ids of all files that are there, whole pairs or not. */
    async ids(): Promise<string[]> {
      const names = await readdir(folder).catch((error: unknown) => {
        if (isNotThere(error)) return [];
        throw error;
      });
      return [...new Set(names.map((name) => name.split('.')[0] ?? ''))].filter((id) => ID.test(id));
    },

    async freeBytes(): Promise<number> {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}

function checked(id: string): string {
  if (!ID.test(id)) throw new TypeError('not an upload id');
  return id;
}

export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

export function isNotThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
