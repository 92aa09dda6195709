import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { JobRun } from '@bioscope/jobs';

import { scratchFolder, type StudioConfig } from '../config.ts';
import type { Work } from '../domain/work.ts';
import { encodeAudio, encodeChunk, type EncodePlan } from '../media/index.ts';
import { sourceKey, type StudioParts } from '../parts.ts';

/** Where finished pieces wait to be packaged; a piece that is there is never encoded again. */
export function piecesFolder(config: Pick<StudioConfig, 'folder'>, workId: string): string {
  return join(scratchFolder(config, workId), 'pieces');
}

/** Encodes one chunk for the rungs of one group. */
export async function encodeFilmChunk(
  parts: StudioParts,
  work: Work & { readonly plan: EncodePlan },
  which: { readonly group: string; readonly chunk: number },
  run: JobRun,
): Promise<void> {
  const { plan } = work;
  const group = plan.groups.find(({ name }) => name === which.group);
  const chunk = plan.chunks[which.chunk];
  if (group === undefined || chunk === undefined)
    throw new Error(`the plan of ${work.id} has no chunk ${which.chunk} of group ${which.group}`);
  await using source = await openSource(parts, work.id);
  const folder = await made(piecesFolder(parts.config, work.id));
  await encodeChunk({ source: source.path, plan, group, chunk, folder, signal: run.signal, onProgress: (share) => run.progress(share) });
}

/** Encodes all sound, one track after another. */
export async function encodeFilmSound(parts: StudioParts, work: Work & { readonly plan: EncodePlan }, run: JobRun): Promise<void> {
  const { plan } = work;
  await using source = await openSource(parts, work.id);
  const folder = await made(piecesFolder(parts.config, work.id));
  for (const [index, track] of plan.audio.entries()) {
    const onProgress = (share: number): void => run.progress((index + share) / plan.audio.length);
    await encodeAudio({ source: source.path, plan, track, folder, signal: run.signal, onProgress });
  }
}

/** The film itself, as a file for ffmpeg. */
export async function openSource(
  { blob }: Pick<StudioParts, 'blob'>,
  workId: string,
): Promise<{ readonly path: string } & AsyncDisposable> {
  const source = await blob.localCopy(sourceKey(workId));
  if (source === null) throw new Error(`the source of ${workId} is not in the store`);
  return source;
}

export async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}
