import { utf8 } from '@bioscope/kv';
import { JOB_STATES, JobFault } from './port.ts';
import type { Job, JobRequest, JobState } from './port.ts';

/** A job as it lies in its register: the whole truth about it. */
export type JobRecord = {
  readonly id: string;
  readonly payload: unknown;
  readonly state: JobState;
  readonly priority: number;
  readonly notBeforeMs: number;
  readonly after: readonly string[];
  readonly attempts: number;
  readonly attemptsMax: number;
  /** Runs that ended without a word: their lease ran out. */
  readonly crashes: number;
  /** Grows with every `retry`, so that what is left of an earlier life cannot be taken for this one. */
  readonly generation: number;
  readonly progress: number;
  readonly checkpoint: unknown;
  readonly result: unknown;
  readonly reason: string | null;
  readonly createdAtMs: number;
  readonly startedAtMs: number | null;
  readonly endedAtMs: number | null;
};

/** A register holds 64 KiB; the rest is for the other fields and the reason. */
export const DATA_BYTES_MAX = 54 * 1024;
const ATTEMPTS_DEFAULT = 5;
const QUEUE = /^[a-z][a-z0-9_]{0,63}$/;
const ID_CHARACTERS_MAX = 100;
/** Each is a read before the job may start. */
const AFTER_MAX = 1_000;

export function newRecord(request: JobRequest, nowMs: number): JobRecord {
  checkName(request.queue, request.id);
  const after = request.after ?? [];
  if (after.length > AFTER_MAX)
    throw new JobFault('JOB_BAD_REQUEST', `Job ${request.id} waits for ${after.length} jobs; at most ${AFTER_MAX} can be named.`);
  for (const id of after) checkName(request.queue, id);
  const attemptsMax = request.attemptsMax ?? ATTEMPTS_DEFAULT;
  if (!Number.isSafeInteger(attemptsMax) || attemptsMax < 1)
    throw new JobFault('JOB_BAD_REQUEST', `attemptsMax must be a whole number from 1, not ${attemptsMax}.`);
  return checkSize({
    id: request.id,
    payload: request.payload ?? null,
    state: 'waiting',
    priority: request.priority ?? 0,
    notBeforeMs: request.notBeforeMs ?? 0,
    after,
    attempts: 0,
    attemptsMax,
    crashes: 0,
    generation: 1,
    progress: 0,
    checkpoint: null,
    result: null,
    reason: null,
    createdAtMs: nowMs,
    startedAtMs: null,
    endedAtMs: null,
  });
}

export function checkName(queue: string, id: string): void {
  if (!QUEUE.test(queue))
    throw new JobFault('JOB_BAD_REQUEST', `The queue ${JSON.stringify(queue)} must be a small letter and up to 63 of a-z 0-9 _.`);
  if (id.length === 0 || id.length > ID_CHARACTERS_MAX)
    throw new JobFault('JOB_BAD_REQUEST', `A job's id has 1 to ${ID_CHARACTERS_MAX} characters, not ${id.length}.`);
}

/** Rejects data that would not fit, before anything is written. */
export function checkSize(record: JobRecord): JobRecord {
  const size = Buffer.byteLength(JSON.stringify([record.payload, record.checkpoint, record.result, record.after]));
  if (size <= DATA_BYTES_MAX) return record;
  throw new JobFault(
    'JOB_TOO_LARGE',
    `Payload, checkpoint, result and the jobs waited for of job ${record.id} have ${size} bytes together; at most ${DATA_BYTES_MAX} can be kept.`,
  );
}

export function parseRecord(value: Uint8Array): JobRecord {
  const parsed: unknown = JSON.parse(utf8(value));
  if (isRecord(parsed)) return parsed;
  throw new JobFault('JOB_BAD_REQUEST', 'A stored job cannot be read: it was not written by this package.');
}

/** Only this package writes these registers, in one go each: the discriminating fields tell a record from anything else. */
function isRecord(value: unknown): value is JobRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { id, state, generation, after } = value as Partial<JobRecord>;
  return typeof id === 'string' && JOB_STATES.some((known) => known === state) && typeof generation === 'number' && Array.isArray(after);
}

export function isEnded({ state }: { state: JobState }): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

export function jobOf(queue: string, record: JobRecord): Job {
  const { id, payload, state, attempts, progress, checkpoint, result, reason, createdAtMs, startedAtMs, endedAtMs } = record;
  return { queue, id, payload, state, attempts, progress, checkpoint, result, reason, createdAtMs, startedAtMs, endedAtMs };
}
