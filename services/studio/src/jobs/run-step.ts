import { JobRefusal, type Job, type JobHandler, type JobRun } from '@bioscope/jobs';

import type { StepPayload } from '../domain/steps.ts';
import type { Work } from '../domain/work.ts';
import { MediaFault, type EncodePlan } from '../media/index.ts';
import type { StudioParts } from '../parts.ts';
import { encodeFilmChunk, encodeFilmSound } from './encode.ts';
import { inspectFilm } from './inspect-film.ts';
import { publishEdition } from './publish-edition.ts';
import { refuseWork } from './refuse.ts';
import { releaseFirst } from './release-first.ts';

/** Runs one step of a work. What the film is to blame for ends the work as a refusal; everything else is tried again by the queue. */
export function runStep(parts: StudioParts): JobHandler {
  return async (job: Job, run: JobRun) => {
    const payload = job.payload as StepPayload;
    const work = await parts.store.read(payload.workId);
    if (work === null || work.phase === 'removed' || work.phase === 'refused') throw new JobRefusal('no_work', 'the work has ended');
    try {
      await step(parts, work, payload, run);
    } catch (fault) {
      if (fault instanceof MediaFault && fault.refusal !== null) throw await refuseWork(parts, work, fault.refusal);
      throw fault;
    }
    return null;
  };
}

async function step(parts: StudioParts, work: Work, payload: StepPayload, run: JobRun): Promise<void> {
  switch (payload.kind) {
    case 'inspect':
      return await inspectFilm(parts, work, run);
    case 'encode':
      return await encodeFilmChunk(parts, planned(work), payload, run);
    case 'sound':
      return await encodeFilmSound(parts, planned(work), run);
    case 'publish':
      return await publishEdition(parts, planned(work), payload, run);
    case 'release':
      return await releaseFirst(parts, work);
    default:
      return payload satisfies never;
  }
}

function planned(work: Work): Work & { readonly plan: EncodePlan } {
  if (work.plan === null) throw new Error(`${work.id} has no plan yet`);
  return { ...work, plan: work.plan };
}
