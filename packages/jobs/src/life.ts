import type { JobRecord } from './record.ts';
import type { JobState } from './port.ts';

/** How often a job may take its process down with it (or the process die for other reasons meanwhile) before it counts as poison. */
export const CRASHES_MAX = 20;
const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 60_000;
const REASON_CHARACTERS_MAX = 2_000;

/** A worker takes the job; one that is still `running` was left by a worker that died. */
export function taken(record: JobRecord, nowMs: number): JobRecord {
  const wasLeft = record.state === 'running';
  const crashes = record.crashes + (wasLeft ? 1 : 0);
  if (crashes >= CRASHES_MAX) return failed({ ...record, crashes }, `Its process ended ${crashes} times while it ran.`, nowMs);
  return { ...record, state: 'running', crashes, attempts: record.attempts + (wasLeft ? 0 : 1), startedAtMs: record.startedAtMs ?? nowMs };
}

export function done(record: JobRecord, result: unknown, nowMs: number): JobRecord {
  return { ...record, state: 'done', progress: 1, result: result ?? null, reason: null, endedAtMs: nowMs };
}

export function failed(record: JobRecord, reason: string, nowMs: number): JobRecord {
  return { ...record, state: 'failed', reason: reason.slice(0, REASON_CHARACTERS_MAX), endedAtMs: nowMs };
}

/** Another try later, or the end when there were enough. `random`: 0 to 1, so that jobs which failed together do not come back together. */
export function threw(record: JobRecord, reason: string, { nowMs, random }: { nowMs: number; random: number }): JobRecord {
  if (record.attempts >= record.attemptsMax) return failed(record, reason, nowMs);
  const pauseMs = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (record.attempts - 1)) * (0.5 + random / 2);
  return { ...record, state: 'waiting', reason: reason.slice(0, REASON_CHARACTERS_MAX), notBeforeMs: nowMs + pauseMs };
}

/** The worker closed: as if it had not begun, but for its checkpoint. */
export function givenBack(record: JobRecord): JobRecord {
  return { ...record, state: 'waiting', attempts: record.attempts - 1 };
}

export function cancelled(record: JobRecord, nowMs: number): JobRecord {
  return { ...record, state: 'cancelled', reason: 'It was cancelled.', endedAtMs: nowMs };
}

export function retried(record: JobRecord): JobRecord {
  const generation = record.generation + 1;
  return { ...record, state: 'waiting', generation, attempts: 0, crashes: 0, notBeforeMs: 0, progress: 0, reason: null, endedAtMs: null };
}

export type Readiness = { readonly kind: 'ready' } | { readonly kind: 'later' } | { readonly kind: 'never'; readonly because: string };

/** Whether a job may run now. `states`: those of the jobs it waits for, null for one that is not enqueued yet. */
export function readiness(record: JobRecord, states: readonly (JobState | null)[], nowMs: number): Readiness {
  const broken = states.findIndex((state) => state === 'failed' || state === 'cancelled');
  if (broken >= 0)
    return {
      kind: 'never',
      because: `It needs job ${record.after[broken]}, which ${states[broken] === 'failed' ? 'failed' : 'was cancelled'}.`,
    };
  const waits = record.notBeforeMs > nowMs || states.some((state) => state !== 'done');
  return { kind: waits ? 'later' : 'ready' };
}
