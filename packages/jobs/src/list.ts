import type { JobStore } from './job-store.ts';
import type { Job, Jobs } from './port.ts';
import { checkName, isEnded, jobOf } from './record.ts';

const JOBS_DEFAULT = 100;
/** Each is a read; who wants more wants another view. */
export const JOBS_MAX = 1_000;

export async function listJobs(store: JobStore, queue: string, options: Parameters<Jobs['list']>[1] = {}): Promise<readonly Job[]> {
  checkName(queue, 'any');
  const most = Math.min(options.jobsMax ?? JOBS_DEFAULT, JOBS_MAX);
  const [open, ended] = await Promise.all([store.openHints(queue), store.endedHints(queue)]);
  const newestFirst = (one: { createdAtMs: number }, other: { createdAtMs: number }) => other.createdAtMs - one.createdAtMs;
  const ids = new Set([...open.sort(newestFirst), ...ended.sort(newestFirst)].map(({ id }) => id));
  const jobs: Job[] = [];
  for (const id of ids) {
    if (jobs.length >= most) break;
    const found = await store.read(queue, id);
    if (found !== null && (options.states?.includes(found.record.state) ?? true)) jobs.push(jobOf(queue, found.record));
  }
  return jobs.sort((one, other) => Number(isEnded(one)) - Number(isEnded(other)) || newestFirst(one, other));
}
