import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { WorkEvent } from '../domain/events.ts';
import { sourceKey } from '../domain/names.ts';
import type { StudioParts } from '../parts.ts';
import { isNotThere } from '../uploads/upload-files.ts';
import type { StepRun } from './run-step.ts';

/** Keeps the film as it was sent, for later rungs and codecs; from here on it is read from there. */
export async function storeSource({ blob, folderOf }: StudioParts, { work, signal, progress }: StepRun): Promise<WorkEvent> {
  const { source } = folderOf(work.id);
  const key = sourceKey(work.id);
  const bytes = await sizeOf(source);
  if (bytes === null && (await blob.head(key)) === null) throw new Error('The uploaded film is no longer there. Upload it again.');
  if (bytes === null) return { type: 'stored', sha256: '' };
  const put = await blob.put(key, counted(source, bytes, progress), { bytesExpected: bytes, signal });
  await rm(source, { force: true });
  return { type: 'stored', sha256: put.kind === 'stored' ? put.sha256 : '' };
}

async function* counted(source: string, bytes: number, progress: (share: number) => void): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 })) {
    const piece: Buffer = chunk;
    yield piece;
    read += piece.length;
    progress(read / bytes);
  }
}

async function sizeOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (isNotThere(error)) return null;
    throw error;
  }
}
