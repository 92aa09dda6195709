import { createReadStream } from 'node:fs';

import type { JobRun } from '@bioscope/jobs';

import { createTitle } from '../create-title.ts';
import { planJobs } from '../domain/steps.ts';
import type { Work } from '../domain/work.ts';
import { inspect, planEncode, type MediaRefusal } from '../media/index.ts';
import { sourceKey, type StudioParts } from '../parts.ts';
import { enqueueSteps } from './enqueue.ts';
import { refuseWork } from './refuse.ts';

/** Finds out what the upload holds; keeps it as the source and plans everything else, or refuses it. */
export async function inspectFilm(parts: StudioParts, work: Work, run: JobRun): Promise<void> {
  await createTitle(parts, work);
  const plan = work.plan ?? (await keepAndPlan(parts, work, run));
  await enqueueSteps(parts, planJobs(work.id, plan));
  await parts.uploads.remove(work.id);
}

async function keepAndPlan(parts: StudioParts, work: Work, run: JobRun) {
  const upload = await parts.uploads.finished(work.id);
  if (upload === null) {
    const gone: MediaRefusal = { code: 'broken', message: 'The upload is no longer there. Add the film again.' };
    throw await refuseWork(parts, work, gone);
  }
  const result = await inspect({ path: upload.path, signal: run.signal });
  if (result.kind === 'refused') throw await refuseWork(parts, work, result.refusal);
  run.progress(0.5);
  await parts.blob.put(sourceKey(work.id), createReadStream(upload.path), { signal: run.signal });
  const plan = planEncode(result.inspection, { chunkSeconds: parts.config.chunkSeconds });
  await parts.store.record(work.id, `${work.id}.planned`, (now) =>
    now?.phase === 'running' && now.plan === null ? { type: 'planned', plan, atMs: parts.nowMs() } : null,
  );
  return plan;
}
