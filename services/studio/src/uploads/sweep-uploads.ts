import { stat } from 'node:fs/promises';
import { isNotThere } from './upload-files.ts';
import type { UploadFiles } from './upload-files.ts';

type Sweep = {
  readonly files: UploadFiles;
  readonly nowMs: number;
  readonly keptMs: number;
  readonly isImported: (id: string) => Promise<boolean>;
};

/** Removes uploads that nobody went on with. One that became a work is the work's, however long that takes. */
export async function sweepUploads({ files, nowMs, keptMs, isImported }: Sweep): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const id of await files.ids()) {
    const touchedAtMs = (await files.find(id))?.touchedAtMs ?? (await lastWrite(files.dataPath(id)));
    if (nowMs - touchedAtMs < keptMs || (await isImported(id))) continue;
    await files.remove(id);
    removed.push(id);
  }
  return removed;
}

async function lastWrite(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (isNotThere(error)) return 0;
    throw error;
  }
}
