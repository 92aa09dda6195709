import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import type { PackagedTrack } from '../packager/index.ts';
import { isNotThere } from '../uploads/upload-files.ts';

/** Packages a track unless that was done before: its description lies beside it, written after it. */
export async function remembered(out: string, make: () => Promise<PackagedTrack>): Promise<PackagedTrack> {
  const note = `${out}.json`;
  const known = await readNote(note);
  if (known !== null && (await sizeOf(out)) === known.bytes) return known;
  const track = await make();
  await writeFile(`${note}.partial`, JSON.stringify(track), { flush: true });
  await rename(`${note}.partial`, note);
  return track;
}

async function readNote(note: string): Promise<PackagedTrack | null> {
  try {
    return JSON.parse(await readFile(note, 'utf8')) as PackagedTrack;
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isNotThere(error)) return -1;
    throw error;
  }
}
