import { setTimeout as pause } from 'node:timers/promises';

import { StepState } from '../contract/index.ts';
import { viewWork } from './handlers/view-work.ts';
import { inspectJob, planJobs, releaseJob } from './domain/steps.ts';
import { editionIdOf, type Work } from './domain/work.ts';
import { enqueueSteps } from './jobs/enqueue.ts';
import type { StudioParts } from './parts.ts';

/** Viewers of the catalogue see progress; operators see why a work stopped. */
const LOOK_EVERY_MS = 1_000;

/**
 * Looks after running works, once a second: tells the catalogue how far they are, and records a work as failed when one of its jobs gave up. At the start
 * it enqueues what a kill left out. What it cannot do in one round it does in the next.
 */
export function followWorks(parts: StudioParts): { close(): Promise<void> } {
  const stopping = new AbortController();
  const told = new Map<string, number>();
  const ended = (async () => {
    await attempt(parts, 'a work could not be taken up', () => takeUp(parts));
    while (!stopping.signal.aborted) {
      await attempt(parts, 'a work could not be looked after', () => lookAfterAll(parts, told));
      await pause(LOOK_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async close() {
      stopping.abort();
      await ended;
    },
  };
}

/** Jobs are enqueued after the event that calls for them: whatever a kill left between the two is made good here. */
async function takeUp(parts: StudioParts): Promise<void> {
  for (const id of await parts.store.ids()) {
    const work = await parts.store.read(id);
    if (work?.phase === 'running') await enqueueSteps(parts, [work.plan === null ? [inspectJob(id)] : planJobs(id, work.plan)].flat());
    if (work?.phase === 'done' && work.editionIds.includes(editionIdOf(id, false)))
      await enqueueSteps(parts, [releaseJob(id)], parts.nowMs() + parts.config.firstEditionKeptMs);
  }
}

async function lookAfterAll(parts: StudioParts, told: Map<string, number>): Promise<void> {
  for (const id of await parts.store.ids()) {
    const work = await parts.store.read(id);
    if (work?.phase === 'running') await lookAfter(parts, work, told);
    else told.delete(id);
  }
}

async function lookAfter(parts: StudioParts, work: Work, told: Map<string, number>): Promise<void> {
  const { steps, prepared } = await viewWork(parts, work);
  const failed = steps.find(({ state }) => state === StepState.FAILED);
  if (failed !== undefined) {
    const message = `${failed.name}: ${failed.reason}`;
    await parts.catalog.reportPreparation({ titleId: work.titleId, prepared, failure: message }, { idempotent: true });
    await parts.store.record(work.id, `${work.id}.failed.${work.version}`, (now) =>
      now?.phase === 'running' ? { type: 'failed', step: failed.name, message, atMs: parts.nowMs() } : null,
    );
    return;
  }
  const rounded = Math.round(prepared * 100) / 100;
  if (told.get(work.id) === rounded) return;
  await parts.catalog.reportPreparation({ titleId: work.titleId, prepared: rounded, failure: '' }, { idempotent: true });
  told.set(work.id, rounded);
}

async function attempt(parts: StudioParts, message: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (fault) {
    parts.log.warn({ fault }, message);
  }
}
