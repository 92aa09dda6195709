import assert from 'node:assert/strict';
import { JobFault } from '../port.ts';
import type { JobCase } from './cases.ts';
import { until, untilState } from './wait.ts';

const JOBS = 40;
/** A distributed engine on a busy machine takes some hundred milliseconds to renew one. */
const LEASE_MS = 1_000;

export const leaseCases: readonly JobCase[] = [
  {
    name: 'never lets two workers run one job at once, whoever enqueued it and however many look',
    async run({ another }) {
      const openers = await Promise.all(Array.from({ length: 4 }, another));
      const running = new Set<string>();
      const runs = new Map<string, number>();
      const twice: string[] = [];
      for (const jobs of openers) {
        jobs.work({ queue: 'q', parallelMax: 3 }, async ({ id }, run) => {
          if (running.has(id)) twice.push(id);
          running.add(id);
          runs.set(id, (runs.get(id) ?? 0) + 1);
          run.progress(0.5);
          await new Promise((resolve) => setImmediate(resolve));
          running.delete(id);
        });
      }
      const ids = Array.from({ length: JOBS }, (_, index) => `job-${index}`);
      await Promise.all(ids.flatMap((id) => openers.map((jobs) => jobs.enqueue({ queue: 'q', id, payload: null }))));
      for (const id of ids) await untilState(openers[0] ?? (await another()), 'q', id, 'done');
      assert.deepEqual(twice, []);
      assert.deepEqual(
        [...runs.values()],
        ids.map(() => 1),
      );
    },
  },
  {
    name: 'renews the lease of a job that takes longer than it',
    async run({ another }) {
      const [one, two] = [await another(), await another()];
      let starts = 0;
      const handler = async () => {
        starts += 1;
        const endMs = performance.now() + 4 * LEASE_MS;
        await until('four leases have passed', () => performance.now() > endMs);
      };
      for (const jobs of [one, two]) jobs.work({ queue: 'q', parallelMax: 1, leaseMs: LEASE_MS }, handler);
      await one.enqueue({ queue: 'q', id: 'long', payload: null });
      assert.equal((await untilState(one, 'q', 'long', 'done')).attempts, 1);
      assert.equal(starts, 1);
    },
  },
  {
    name: 'fences what a run writes after its job went elsewhere',
    async run({ another }) {
      const [here, there] = [await another(), await another()];
      const began = Promise.withResolvers<void>();
      const mayGoOn = Promise.withResolvers<void>();
      const late = Promise.withResolvers<unknown>();
      const first = here.work({ queue: 'q', parallelMax: 1, leaseMs: 600 }, async (_, run) => {
        began.resolve();
        await mayGoOn.promise;
        late.resolve(await run.checkpoint('from the first').catch((error: unknown) => error));
        return 'from the first';
      });
      await here.enqueue({ queue: 'q', id: 'moved', payload: null });
      await began.promise;
      await there.cancel('q', 'moved');
      await there.retry('q', 'moved');
      const second = there.work({ queue: 'q', parallelMax: 1 }, async (job) => ({ second: true, checkpoint: job.checkpoint }));
      await untilState(there, 'q', 'moved', 'done');
      mayGoOn.resolve();
      const refused = await late.promise;
      assert.ok(refused instanceof JobFault && refused.code === 'JOB_LOST');
      await first.close();
      await second.close();
      assert.deepEqual((await there.get('q', 'moved'))?.result, { second: true, checkpoint: null });
    },
  },
];
