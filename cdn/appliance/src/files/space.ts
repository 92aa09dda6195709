import { statfs } from 'node:fs/promises';

export type Space = { readonly freeBytes: number; readonly totalBytes: number };

/** What the file system of `folder` offers, cut down to the bytes this appliance may use at all. */
export async function spaceOf(folder: string, limit: { usedBytes: number; bytesMax: number | null }): Promise<Space> {
  const { bavail, blocks, bsize } = await statfs(folder);
  const disk = { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  if (limit.bytesMax === null) return disk;
  return {
    freeBytes: Math.max(0, Math.min(disk.freeBytes, limit.bytesMax - limit.usedBytes)),
    totalBytes: Math.min(disk.totalBytes, limit.bytesMax),
  };
}
