import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkEvent } from '../domain/events.ts';
import type { EditionDraft } from '../domain/edition.ts';
import { editionKey } from '../domain/names.ts';
import type { GroupName } from '../domain/work.ts';
import type { StudioParts } from '../parts.ts';
import { planOf, sourceOf } from './encode.ts';
import type { StepRun } from './run-step.ts';

/** One long poll of control. */
const POLL_MS = 10_000;
/** No appliance took it in this time: the step fails with that reason, is tried again, and tells people in the end. */
const FILL_MS_MAX = 30 * 60_000;
/** The catalogue reads and checks an edition of thousands of segments. */
const PUBLISH_DEADLINE_MS = 15_000;

/** Gives the files to the origin, waits until an appliance holds them all, and only then tells the catalogue: what can be chosen can be played. */
export async function publishGroup(parts: StudioParts, { work, signal, progress }: StepRun, group: GroupName): Promise<WorkEvent> {
  const editionId = work.packaged.findLast((edition) => edition.group === group)?.editionId ?? '';
  const plan = await planOf(parts, work.id);
  const folder = await parts.folderOf(work.id).tracks(plan);
  const edition = JSON.parse(await readFile(path.join(folder, `edition-${editionId}.json`), 'utf8')) as EditionDraft;
  for (const { name, sha256, bytes } of edition.files) {
    const file = createReadStream(path.join(folder, name), { highWaterMark: 1024 * 1024 });
    // The id is made of the checksums: what is there under it is the same file.
    await parts.blob.put(editionKey(editionId, name), file, { ifAbsent: true, sha256, bytesExpected: bytes, signal });
  }
  await parts.control.holdEdition({ edition: { editionId, titleId: work.id, files: edition.files } }, { idempotent: true, signal });
  await untilHeld(parts, editionId, { signal, progress });
  if (group === plan.groups[0]?.name) await giveArtwork(parts, work.id, { folder, lowest: plan.rungs[0]?.name ?? '', signal });
  await parts.catalog.publishEdition({ edition }, { idempotent: true, deadlineMs: PUBLISH_DEADLINE_MS, signal });
  return { type: 'published', group, editionId };
}

async function untilHeld(
  parts: StudioParts,
  editionId: string,
  { signal, progress }: { signal: AbortSignal; progress: (share: number) => void },
): Promise<void> {
  const end = parts.nowMs() + FILL_MS_MAX;
  for (;;) {
    const answer = await parts.control.awaitEdition({ editionId, waitMs: 1_000 }, { idempotent: true, deadlineMs: POLL_MS, signal });
    if (answer.held) return;
    progress(answer.progress);
    if (parts.nowMs() > end)
      throw new Error(`No appliance has taken the edition within ${FILL_MS_MAX / 60_000} minutes. Is one running, with room on its disk?`);
  }
}

/** A film without a poster can be watched: trouble here is logged and holds nothing up. */
async function giveArtwork(
  parts: StudioParts,
  workId: string,
  { folder, lowest, signal }: { folder: string; lowest: string; signal: AbortSignal },
): Promise<void> {
  try {
    const plan = await planOf(parts, workId);
    await using source = await sourceOf(parts, workId);
    const made = await parts.media.makeArtwork({ source: source.path, rungFile: path.join(folder, `${lowest}.mp4`), plan, folder, signal });
    const [poster, backdrop] = await Promise.all([readFile(made.poster), readFile(made.backdrop)]);
    await parts.catalog.setArtwork({ titleId: workId, poster, backdrop }, { idempotent: true, signal });
  } catch (error) {
    signal.throwIfAborted();
    parts.log.warn({ err: error, workId }, 'the film has no artwork');
  }
}
