import { rename } from 'node:fs/promises';
import type { WorkEvent } from '../domain/events.ts';
import type { EncodePlan } from '../media/index.ts';
import type { StudioParts } from '../parts.ts';
import { isNotThere, syncFolder } from '../uploads/upload-files.ts';
import type { StepRun } from './run-step.ts';

/** Takes the upload over, looks into it, and decides what is to be made of it. */
export async function inspectSource(parts: StudioParts, { work, signal }: StepRun): Promise<WorkEvent> {
  const source = await takeSource(parts, work.id);
  const result = await parts.media.inspect({ path: source, signal });
  if (result.kind === 'refused') return { type: 'refused', code: result.refusal.code, reason: result.refusal.message };
  const plan = parts.media.planEncode(result.inspection, { chunkSeconds: parts.config.chunkSeconds });
  await parts.store.putPlan(work.id, plan);
  for (const warning of result.inspection.warnings) parts.log.info({ workId: work.id, ...warning }, 'about the film');
  return { type: 'inspected', outline: outlineOf(plan) };
}

function outlineOf({ groups, chunks, audio }: EncodePlan) {
  return { groups: groups.map(({ name, rungs }) => ({ name, rungs })), chunks: chunks.length, audio: audio.map(({ id }) => id) };
}

/** Moves the upload into the work's folder: a rename, so that it is in one place or the other at any moment. */
async function takeSource({ files, folderOf }: StudioParts, workId: string): Promise<string> {
  const folder = folderOf(workId);
  await folder.make();
  try {
    await rename(files.dataPath(workId), folder.source);
    await syncFolder(folder.root);
  } catch (error) {
    // An earlier run moved it; were it in neither place, inspection says so.
    if (!isNotThere(error)) throw error;
  }
  await files.remove(workId);
  return folder.source;
}
