import { rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { parseTitleRemoved, TITLES_TOPIC } from '@bioscope/catalog/contract';
import type { Log, LogSubscription } from '@bioscope/log';

import { scratchFolder } from './config.ts';
import { inspectJob, planJobs, releaseJob } from './domain/steps.ts';
import { editionIdOf, titleIdOf, type Work } from './domain/work.ts';
import { deleteEdition } from './jobs/delete-blobs.ts';
import { QUEUE, sourceKey, type StudioParts } from './parts.ts';

/** Deletes everything of titles that the catalogue removed. A record that fails comes again. */
export function followRemovals(parts: StudioParts, log: Log): LogSubscription {
  return log.subscribe({ topic: TITLES_TOPIC, group: 'studio', from: 'earliest' }, async (records) => {
    for (const { type, value } of records) if (type === 'title.removed') await removeWorkOf(parts, parseTitleRemoved(value).titleId);
  });
}

async function removeWorkOf(parts: StudioParts, titleId: string): Promise<void> {
  const workId = (await parts.store.ids()).find((id) => titleIdOf(id) === titleId);
  if (workId === undefined) return;
  const work = await parts.store.record(workId, `${workId}.removed`, (now) =>
    now === null || now.phase === 'removed' ? null : { type: 'removed', atMs: parts.nowMs() },
  );
  await stopJobs(parts, work);
  await parts.uploads.remove(workId);
  await parts.blob.delete(sourceKey(workId));
  for (const complete of [false, true]) await deleteEdition(parts, editionIdOf(workId, complete));
  await rm(scratchFolder(parts.config, workId), { recursive: true, force: true });
  await parts.store.delist(workId);
}

/** A job ends within seconds of its signal; one that does not is found by the next attempt. */
const STOP_MS = 10_000;
const LOOK_EVERY_MS = 50;

async function stopJobs(parts: StudioParts, work: Work): Promise<void> {
  const ids = [inspectJob(work.id), releaseJob(work.id), ...(work.plan === null ? [] : planJobs(work.id, work.plan))].map(({ id }) => id);
  const untilMs = parts.nowMs() + STOP_MS;
  for (const id of ids) {
    if ((await parts.jobs.get(QUEUE, id)) === null) continue;
    await parts.jobs.cancel(QUEUE, id);
    while ((await parts.jobs.get(QUEUE, id))?.state === 'running') {
      if (parts.nowMs() > untilMs) throw new Error(`job ${id} goes on after it was cancelled`);
      await pause(LOOK_EVERY_MS);
    }
    await parts.jobs.forget(QUEUE, id);
  }
}
