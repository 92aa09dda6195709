import type { WorkEvent } from '../domain/events.ts';
import { sourceKey } from '../domain/names.ts';
import type { GroupName } from '../domain/work.ts';
import type { EncodePlan } from '../media/index.ts';
import type { StudioParts } from '../parts.ts';
import type { StepRun } from './run-step.ts';

/** One chunk of all rungs of a group, by one encoder. Pieces that are whole are not encoded again. */
export async function encodeOneChunk(
  parts: StudioParts,
  { work, signal, progress }: StepRun,
  wanted: { group: GroupName; chunk: number },
): Promise<WorkEvent> {
  const plan = await planOf(parts, work.id);
  const group = plan.groups.find(({ name }) => name === wanted.group);
  const chunk = plan.chunks[wanted.chunk];
  if (group === undefined || chunk === undefined)
    throw new Error(`The plan of ${work.id} has no chunk ${wanted.chunk} of ${wanted.group}.`);
  await using source = await sourceOf(parts, work.id);
  const folder = await parts.folderOf(work.id).pieces(plan);
  await parts.media.encodeChunk({ source: source.path, plan, group, chunk, folder, signal, onProgress: progress });
  return { type: 'chunk_encoded', ...wanted };
}

/** One sound of the whole film. */
export async function encodeOneTrack(parts: StudioParts, { work, signal, progress }: StepRun, id: string): Promise<WorkEvent> {
  const plan = await planOf(parts, work.id);
  const track = plan.audio.find((each) => each.id === id);
  if (track === undefined) throw new Error(`The plan of ${work.id} has no sound ${id}.`);
  await using source = await sourceOf(parts, work.id);
  const folder = await parts.folderOf(work.id).pieces(plan);
  await parts.media.encodeAudio({ source: source.path, plan, track, folder, signal, onProgress: progress });
  return { type: 'audio_encoded', track: id };
}

export async function planOf({ store }: StudioParts, workId: string): Promise<EncodePlan> {
  const plan = await store.getPlan(workId);
  if (plan === null) throw new Error(`The plan of ${workId} is gone.`);
  return plan;
}

export async function sourceOf({ blob }: StudioParts, workId: string): Promise<{ readonly path: string } & AsyncDisposable> {
  const copy = await blob.localCopy(sourceKey(workId));
  if (copy === null) throw new Error('The kept source film is no longer there. Upload it again.');
  return copy;
}
