import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isNotFound } from '../files/faults.ts';

export type LogBounds = { readonly bytesMax: number; readonly kept: number };

/** Renames a log that has grown past its bound, dropping the oldest; true when nginx now has to open a new one. */
export async function rotateLog(folder: string, bounds: LogBounds): Promise<boolean> {
  const current = join(folder, 'access.log');
  try {
    if ((await stat(current)).size < bounds.bytesMax) return false;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
  for (let age = bounds.kept - 1; age >= 1; age--) {
    await rename(`${current}.${age}`, `${current}.${age + 1}`).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
  await rename(current, `${current}.1`);
  return true;
}
