import { rm } from 'node:fs/promises';

import { JobRefusal } from '@bioscope/jobs';

import { scratchFolder } from '../config.ts';
import type { Work } from '../domain/work.ts';
import type { MediaRefusal } from '../media/index.ts';
import { sourceKey, type StudioParts } from '../parts.ts';

/** Ends a work whose film cannot be taken: the reason is recorded and shown, and nothing of the film is left behind. Answers what the job throws. */
export async function refuseWork(parts: StudioParts, work: Work, refusal: MediaRefusal): Promise<JobRefusal> {
  const { code, message } = refusal;
  await parts.catalog.reportPreparation({ titleId: work.titleId, prepared: 0, failure: message }, { idempotent: true });
  await parts.uploads.remove(work.id);
  await parts.blob.delete(sourceKey(work.id));
  await rm(scratchFolder(parts.config, work.id), { recursive: true, force: true });
  await parts.store.record(work.id, `${work.id}.refused`, (now) =>
    now?.phase === 'running' ? { type: 'refused', code, message, atMs: parts.nowMs() } : null,
  );
  return new JobRefusal(code, message);
}
