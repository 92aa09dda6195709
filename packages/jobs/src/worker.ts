import { claimNext } from './claim.ts';
import type { Parts } from './parts.ts';
import { JobFault } from './port.ts';
import type { JobHandler, Worker } from './port.ts';
import { startRun } from './run.ts';
import type { Run } from './run.ts';
import { checkName } from './record.ts';

/** Long enough that a process busy for seconds keeps its jobs, short enough that those of a dead one go on soon. */
const LEASE_DEFAULT_MS = 10_000;
const LEASE_MIN_MS = 200;

type Request = { readonly queue: string; readonly parallelMax: number; readonly leaseMs?: number };

/** Takes jobs while it has hands free; wakes when one is enqueued or changed here, when a run ends, and at every poll for the rest. */
export function openWorker(parts: Parts, { queue, parallelMax, leaseMs = LEASE_DEFAULT_MS }: Request, handler: JobHandler): Worker {
  checkName(queue, 'any');
  if (!Number.isSafeInteger(parallelMax) || parallelMax < 1)
    throw new JobFault('JOB_BAD_REQUEST', `parallelMax must be a whole number from 1, not ${parallelMax}.`);
  if (!(leaseMs >= LEASE_MIN_MS)) throw new JobFault('JOB_BAD_REQUEST', `leaseMs must be at least ${LEASE_MIN_MS}, not ${leaseMs}.`);
  const runs = new Map<string, Run>();
  const closing = new AbortController();
  let woken = Promise.withResolvers<void>();
  const wake = () => woken.resolve();
  parts.bell.addEventListener(queue, wake);
  const polling = setInterval(wake, parts.pollMs);
  const looping = loop();

  return {
    async close() {
      closing.abort();
      clearInterval(polling);
      parts.bell.removeEventListener(queue, wake);
      wake();
      await looping;
      for (const run of runs.values()) run.giveBack();
      await Promise.all([...runs.values()].map(({ ended }) => ended));
    },
  };

  async function loop(): Promise<void> {
    while (!closing.signal.aborted) {
      // Made before looking, so that a ring during the look is heard after it.
      woken = Promise.withResolvers();
      await takeAll().catch(parts.onTrouble);
      if (!closing.signal.aborted) await woken.promise;
    }
  }

  async function takeAll(): Promise<void> {
    while (!closing.signal.aborted && runs.size < parallelMax) {
      const claimed = await claimNext(parts, { queue, leaseMs, isRunningHere: (id) => runs.has(id) });
      if (claimed === null) return;
      const run = startRun(parts, { queue, leaseMs }, claimed, handler);
      runs.set(run.id, run);
      void run.ended.then(() => {
        runs.delete(run.id);
        // Also for other workers of this process: jobs that waited for this one may run now.
        parts.bell.dispatchEvent(new Event(queue));
      });
    }
  }
}
