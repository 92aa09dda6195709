import assert from 'node:assert/strict';
import { setTimeout } from 'node:timers/promises';
import type { Job, Jobs, JobState } from '../port.ts';

/** Waits for a condition with a deadline: the one way in which these cases wait. */
export async function until<T>(what: string, look: () => Promise<T | null | false> | T | null | false, deadlineMs = 10_000): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) return seen;
    if (performance.now() > end) assert.fail(`waited ${deadlineMs} ms in vain: ${what}`);
    await setTimeout(10);
  }
}

export function untilState(jobs: Jobs, queue: string, id: string, state: JobState): Promise<Job> {
  return until(`job ${id} is ${state}`, async () => {
    const job = await jobs.get(queue, id);
    return job?.state === state ? job : null;
  });
}

/** Resolves when the run is aborted, and never otherwise. */
export function abortion(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
