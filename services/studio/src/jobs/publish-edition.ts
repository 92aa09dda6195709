import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { Edition } from '@bioscope/catalog/contract';
import type { JobRun } from '@bioscope/jobs';

import { scratchFolder } from '../config.ts';
import { planJobs, releaseJob } from '../domain/steps.ts';
import { editionIdOf, type Work } from '../domain/work.ts';
import { makeArtwork, MediaFault, type EncodePlan } from '../media/index.ts';
import { editionKey, QUEUE, type StudioParts } from '../parts.ts';
import { openSource } from './encode.ts';
import { enqueueSteps } from './enqueue.ts';
import type { FoundFile } from './edition-files.ts';
import { packageEdition } from './package-edition.ts';

/** Packages an edition, stores it, waits until an appliance holds it, and makes it what viewers get. Published already (a kill came after it): only tidies. */
export async function publishEdition(
  parts: StudioParts,
  work: Work & { readonly plan: EncodePlan },
  { complete }: { readonly complete: boolean },
  run: JobRun,
): Promise<void> {
  if (!work.editionIds.includes(editionIdOf(work.id, complete))) await publish(parts, work, complete, run);
  if (complete) await tidy(parts, work);
}

async function publish(parts: StudioParts, work: Work & { readonly plan: EncodePlan }, complete: boolean, run: JobRun): Promise<void> {
  const { edition, files } = await packageEdition(parts, work, { complete, signal: run.signal });
  run.progress(0.3);
  await setArtwork(parts, work, run.signal);
  await storeFiles(parts, edition.id, files, run);
  await fill(parts, edition, run);
  await parts.catalog.publishEdition({ edition }, { idempotent: true, deadlineMs: 10_000 });
  await parts.store.record(work.id, `${work.id}.published.${edition.id}`, (now) =>
    now?.phase === 'running' ? { type: 'published', editionId: edition.id, complete, atMs: parts.nowMs() } : null,
  );
}

/** A film without a good picture plays all the same. */
async function setArtwork(parts: StudioParts, work: Work & { readonly plan: EncodePlan }, signal: AbortSignal): Promise<void> {
  const { plan } = work;
  const folder = join(scratchFolder(parts.config, work.id), 'packaged');
  await using source = await openSource(parts, work.id);
  try {
    const made = await makeArtwork({ source: source.path, rungFile: join(folder, `${plan.rungs[0]?.name}.mp4`), plan, folder, signal });
    const [poster, backdrop] = await Promise.all([readFile(made.poster), readFile(made.backdrop)]);
    await parts.catalog.setArtwork({ titleId: work.titleId, poster, backdrop }, { idempotent: true, deadlineMs: 10_000 });
  } catch (fault) {
    if (!(fault instanceof MediaFault) || signal.aborted) throw fault;
    parts.log.warn({ work: work.id, fault }, 'no artwork could be made');
  }
}

async function storeFiles({ blob }: StudioParts, editionId: string, files: readonly FoundFile[], run: JobRun): Promise<void> {
  for (const [index, { path, name, bytes, sha256 }] of files.entries()) {
    const key = editionKey(editionId, name);
    const stored = await blob.head(key);
    if (stored?.bytes !== bytes) await blob.put(key, createReadStream(path), { sha256, signal: run.signal });
    run.progress(0.3 + (0.2 * (index + 1)) / files.length);
  }
}

const AWAIT_MS = 10_000;

/** Until a healthy appliance has everything; as long as bytes arrive, or may again, there is nothing better to do than to wait. */
async function fill({ control }: StudioParts, edition: Edition, run: JobRun): Promise<void> {
  const { id: editionId, titleId, files } = edition;
  const held = files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
  await control.holdEdition({ edition: { editionId, titleId, files: held } }, { idempotent: true, deadlineMs: 10_000 });
  for (;;) {
    run.signal.throwIfAborted();
    const answer = await control.awaitEdition(
      { editionId, waitMs: AWAIT_MS },
      { idempotent: true, deadlineMs: AWAIT_MS + 5_000, signal: run.signal },
    );
    run.progress(0.5 + 0.5 * answer.progress);
    if (answer.held) return;
  }
}

/** The first edition goes when its viewers had time to finish or to move on; pieces and finished jobs go at once. */
async function tidy(parts: StudioParts, work: Work & { readonly plan: EncodePlan }): Promise<void> {
  if (work.plan.groups.length > 1) await enqueueSteps(parts, [releaseJob(work.id)], parts.nowMs() + parts.config.firstEditionKeptMs);
  await rm(scratchFolder(parts.config, work.id), { recursive: true, force: true });
  for (const { id, payload } of planJobs(work.id, work.plan))
    if (!(payload.kind === 'publish' && payload.complete)) await parts.jobs.forget(QUEUE, id);
}
