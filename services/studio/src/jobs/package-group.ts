import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkEvent } from '../domain/events.ts';
import type { GroupName } from '../domain/work.ts';
import { editionOf } from '../domain/edition.ts';
import type { MadeFile, MadeText } from '../domain/edition.ts';
import type { EncodePlan } from '../media/index.ts';
import { packageTrack, proveGrid } from '../packager/index.ts';
import type { PackagedTrack } from '../packager/index.ts';
import type { StudioParts } from '../parts.ts';
import { planOf, sourceOf } from './encode.ts';
import { hashFile } from './hash-file.ts';
import { remembered } from './remembered.ts';
import type { StepRun } from './run-step.ts';

/**
 * Joins pieces to track files, proves that all lie on one grid, adds texts and thumbnails, and writes the edition down. An edition holds its
 * group's rungs and those of the groups before. What an earlier run or edition packaged is taken as it is.
 */
export async function packageGroup(parts: StudioParts, { work, signal, progress }: StepRun, group: GroupName): Promise<WorkEvent> {
  const plan = await planOf(parts, work.id);
  const folder = await parts.folderOf(work.id).tracks(plan);
  const pieces = await parts.folderOf(work.id).pieces(plan);
  const rungs = plan.groups.slice(0, plan.groups.findIndex(({ name }) => name === group) + 1).flatMap((each) => each.rungs);
  const ids = [...rungs, ...plan.audio.map(({ id }) => id)];
  const tracks = new Map<string, PackagedTrack>();
  for (const [index, id] of ids.entries()) {
    const isRung = rungs.includes(id);
    const made = isRung ? plan.chunks.map((chunk) => path.join(pieces, pieceName(id, chunk.index))) : [path.join(pieces, `${id}.mp4`)];
    const out = path.join(folder, `${id}.mp4`);
    const grid = { frameRate: plan.frameRate, framesPerSegment: plan.framesPerSegment, frames: plan.frames };
    tracks.set(id, await remembered(out, () => packageTrack({ pieces: made, out, grid, signal })));
    progress((0.8 * (index + 1)) / ids.length);
  }
  proveGrid([...tracks.values()]);
  const lowest = path.join(folder, `${rungs[0]}.mp4`);
  const texts = await makeTexts(parts, work.id, { plan, folder, signal });
  const thumbnails = await makeThumbnails(parts, { plan, folder, rungFile: lowest, signal });
  const complete = group === plan.groups.at(-1)?.name;
  const edition = editionOf({ titleId: work.id, plan, rungs, tracks, texts, thumbnails, complete, createdAtMs: parts.nowMs() });
  await writeFile(path.join(folder, `edition-${edition.id}.json`), JSON.stringify(edition), { flush: true });
  return { type: 'packaged', group, editionId: edition.id };
}

/** As `encodeChunk` names them. */
export function pieceName(rung: string, chunk: number): string {
  return `${rung}-${String(chunk).padStart(5, '0')}.mp4`;
}

type Making = { readonly plan: EncodePlan; readonly folder: string; readonly signal: AbortSignal };

async function makeTexts(parts: StudioParts, workId: string, { plan, folder, signal }: Making): Promise<MadeText[]> {
  if (plan.text.length === 0) return [];
  await using source = await sourceOf(parts, workId);
  const texts: MadeText[] = [];
  for (const track of plan.text) {
    const { file, cues } = await parts.media.extractText({ source: source.path, plan, track, folder, signal });
    if (cues > 0) texts.push({ ...track, file: await hashFile(file) });
  }
  return texts;
}

async function makeThumbnails(parts: StudioParts, { plan, folder, rungFile, signal }: Making & { rungFile: string }): Promise<MadeFile[]> {
  await mkdir(folder, { recursive: true });
  const { files } = await parts.media.makeStoryboard({ rungFile, plan, folder, signal });
  return Promise.all(files.map(hashFile));
}
