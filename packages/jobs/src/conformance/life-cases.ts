import assert from 'node:assert/strict';
import { JobFault, JobRefusal } from '../port.ts';
import type { JobFaultCode } from '../port.ts';
import type { JobCase } from './cases.ts';
import { abortion, until, untilState } from './wait.ts';

export const lifeCases: readonly JobCase[] = [
  {
    name: 'runs a job once and keeps its result; enqueuing its id again answers it as it is',
    async run({ another }) {
      const jobs = await another();
      await jobs.enqueue({ queue: 'q', id: 'one', payload: { film: 'a' } });
      let runs = 0;
      jobs.work({ queue: 'q', parallelMax: 2 }, async (job) => {
        runs += 1;
        assert.deepEqual(job.payload, { film: 'a' });
        return { minutes: 90 };
      });
      const job = await untilState(jobs, 'q', 'one', 'done');
      assert.deepEqual([job.result, job.attempts, job.progress, job.reason], [{ minutes: 90 }, 1, 1, null]);
      assert.ok(job.startedAtMs !== null && job.endedAtMs !== null && job.endedAtMs >= job.startedAtMs);
      const again = await jobs.enqueue({ queue: 'q', id: 'one', payload: 'another' });
      assert.deepEqual([again.state, again.payload], ['done', { film: 'a' }]);
      assert.equal(runs, 1);
    },
  },
  {
    name: 'tries again after an error, with the checkpoint of the try before, and fails with the last reason',
    async run({ another }) {
      const jobs = await another();
      const seen: unknown[] = [];
      jobs.work({ queue: 'q', parallelMax: 1 }, async (job, run) => {
        seen.push(job.checkpoint);
        await run.checkpoint(job.attempts);
        throw new Error(`try ${job.attempts}`);
      });
      await jobs.enqueue({ queue: 'q', id: 'hard', payload: null, attemptsMax: 2 });
      const job = await untilState(jobs, 'q', 'hard', 'failed');
      assert.deepEqual(seen, [null, 1]);
      assert.deepEqual([job.attempts, job.reason], [2, 'try 2']);
    },
  },
  {
    name: 'fails at once what is refused; retried, it starts anew with its checkpoint',
    async run({ another }) {
      const jobs = await another();
      let refuse = true;
      jobs.work({ queue: 'q', parallelMax: 1 }, async (job, run) => {
        if (!refuse) return job.checkpoint;
        await run.checkpoint('half way');
        throw new JobRefusal('no_film', 'This is not a film.');
      });
      await jobs.enqueue({ queue: 'q', id: 'text', payload: null });
      const failed = await untilState(jobs, 'q', 'text', 'failed');
      assert.deepEqual([failed.attempts, failed.reason], [1, 'This is not a film.']);
      refuse = false;
      assert.equal((await jobs.retry('q', 'text')).attempts, 0);
      assert.equal((await untilState(jobs, 'q', 'text', 'done')).result, 'half way');
      assert.equal((await jobs.retry('q', 'text')).state, 'done');
    },
  },
  {
    name: 'aborts a cancelled job where it runs, also from another process, and never starts one cancelled before',
    async run({ another }) {
      const [here, there] = [await another(), await another()];
      const begun = Promise.withResolvers<void>();
      const started: string[] = [];
      await here.enqueue({ queue: 'q', id: 'early', payload: null });
      await here.cancel('q', 'early');
      here.work({ queue: 'q', parallelMax: 1, leaseMs: 600 }, async (job, run) => {
        started.push(job.id);
        begun.resolve();
        await abortion(run.signal);
        return 'too late';
      });
      await here.enqueue({ queue: 'q', id: 'long', payload: null });
      await begun.promise;
      await there.cancel('q', 'long');
      await here.enqueue({ queue: 'q', id: 'next', payload: null });
      await untilState(here, 'q', 'next', 'running');
      // A job is marked as running before its handler is called.
      await until('the next job has started', () => started.length > 1);
      assert.deepEqual(started, ['long', 'next']);
      assert.deepEqual([(await here.get('q', 'long'))?.state, (await here.get('q', 'long'))?.result], ['cancelled', null]);
      assert.equal((await here.get('q', 'early'))?.state, 'cancelled');
    },
  },
  {
    name: 'gives jobs back when the worker closes, without counting the try',
    async run({ another }) {
      const jobs = await another();
      const begun = Promise.withResolvers<void>();
      const worker = jobs.work({ queue: 'q', parallelMax: 1 }, async (_, run) => {
        await run.checkpoint('kept');
        begun.resolve();
        await abortion(run.signal);
        throw new Error('stopped');
      });
      await jobs.enqueue({ queue: 'q', id: 'long', payload: null });
      await begun.promise;
      await worker.close();
      const given = await jobs.get('q', 'long');
      assert.deepEqual([given?.state, given?.attempts, given?.checkpoint], ['waiting', 0, 'kept']);
      jobs.work({ queue: 'q', parallelMax: 1 }, async (job) => job.checkpoint);
      assert.equal((await untilState(jobs, 'q', 'long', 'done')).result, 'kept');
    },
  },
  {
    name: 'refuses what it cannot keep, before anything is written',
    async run({ another }) {
      const jobs = await another();
      const refused = (code: JobFaultCode, promise: Promise<unknown>) =>
        assert.rejects(promise, (error) => error instanceof JobFault && error.code === code);
      await refused('JOB_BAD_REQUEST', jobs.enqueue({ queue: 'No', id: 'a', payload: 1 }));
      await refused('JOB_BAD_REQUEST', jobs.enqueue({ queue: 'q', id: '', payload: 1 }));
      await refused('JOB_BAD_REQUEST', jobs.enqueue({ queue: 'q', id: 'a', payload: 1, attemptsMax: 0 }));
      await refused('JOB_TOO_LARGE', jobs.enqueue({ queue: 'q', id: 'a', payload: 'x'.repeat(60_000) }));
      await refused('JOB_UNKNOWN', jobs.retry('q', 'a'));
      await refused('JOB_UNKNOWN', jobs.cancel('q', 'a'));
      assert.equal(await jobs.get('q', 'a'), null);
      await jobs.enqueue({ queue: 'q', id: 'a', payload: 1 });
      await refused('JOB_UNFINISHED', jobs.forget('q', 'a'));
      jobs.work({ queue: 'q', parallelMax: 1 }, async () => 'x'.repeat(60_000));
      assert.match((await untilState(jobs, 'q', 'a', 'failed')).reason ?? '', /at most/);
      await jobs.forget('q', 'a');
      await jobs.forget('q', 'a');
      assert.equal(await jobs.get('q', 'a'), null);
    },
  },
];
