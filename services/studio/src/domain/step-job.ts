import type { JobRequest } from '@bioscope/jobs';
import type { Step } from './next-steps.ts';
import type { Work } from './work.ts';

export const QUEUES = { inspect: 'studio_inspect', encode: 'studio_encode', deliver: 'studio_deliver' } as const;
/** A step that failed this often has failed. With the pauses between, about half a minute. */
export const ATTEMPTS_MAX = 4;

/** The job of a step: its id is what makes it run once. */
export function stepJob(work: Work, step: Step, timing: { nowMs: number; releaseAfterMs: number }): JobRequest {
  const payload = { workId: work.id, step };
  const base = { payload, attemptsMax: ATTEMPTS_MAX };
  switch (step.kind) {
    case 'inspect':
      return { ...base, queue: QUEUES.inspect, id: `${work.id}/inspect` };
    case 'chunk':
      return { ...base, queue: QUEUES.encode, id: `${work.id}/chunk/${step.group}/${step.chunk}`, priority: PRIORITY[step.group] };
    case 'audio':
      return { ...base, queue: QUEUES.encode, id: `${work.id}/audio/${step.track}`, priority: PRIORITY.audio };
    case 'package':
    case 'publish':
      return { ...base, queue: QUEUES.deliver, id: `${work.id}/${step.kind}/${step.group}`, priority: PRIORITY[step.group] };
    case 'release':
      return {
        ...base,
        queue: QUEUES.deliver,
        id: `${work.id}/release/${step.editionId}`,
        notBeforeMs: timing.nowMs + timing.releaseAfterMs,
        attemptsMax: PATIENT_ATTEMPTS,
      };
    case 'store':
      return { ...base, queue: QUEUES.deliver, id: `${work.id}/store` };
    case 'report':
      return { ...base, queue: QUEUES.deliver, id: `${work.id}/report/${work.retries}`, attemptsMax: PATIENT_ATTEMPTS };
    case 'clean': {
      // A moment later: the job of the step that ended the work is itself just ending.
      const notBeforeMs = timing.nowMs + CLEAN_AFTER_MS;
      return {
        ...base,
        queue: QUEUES.deliver,
        id: `${work.id}/clean/${work.state}/${work.retries}`,
        notBeforeMs,
        attemptsMax: PATIENT_ATTEMPTS,
      };
    }
    default:
      return step satisfies never;
  }
}

const CLEAN_AFTER_MS = 1_000;
/** What makes any film playable comes before what makes any film sharper. */
const PRIORITY = { low: 20, audio: 20, high: 0 } as const;
/** Nobody waits for these; they must happen some day. A day and a half of minutes. */
const PATIENT_ATTEMPTS = 2_000;
