import assert from 'node:assert/strict';
import type { JobCase } from './cases.ts';
import { until, untilState } from './wait.ts';

export const orderCases: readonly JobCase[] = [
  {
    name: 'runs the highest priority first, then the oldest',
    async run({ another }) {
      const jobs = await another();
      for (const [id, priority] of [
        ['low', -1],
        ['first', 0],
        ['second', 0],
        ['high', 9],
      ] as const)
        await jobs.enqueue({ queue: 'q', id, payload: null, priority });
      const ran: string[] = [];
      jobs.work({ queue: 'q', parallelMax: 1 }, async ({ id }) => void ran.push(id));
      await untilState(jobs, 'q', 'low', 'done');
      assert.equal(ran[0], 'high');
      assert.equal(ran.at(-1), 'low');
    },
  },
  {
    name: 'runs a job after all it waits for, and fails it when one of them fails for good',
    async run({ another }) {
      const jobs = await another();
      const ran: string[] = [];
      await jobs.enqueue({ queue: 'q', id: 'join', payload: null, priority: 9, after: ['one', 'two'] });
      await jobs.enqueue({ queue: 'q', id: 'hopeless', payload: null, after: ['join', 'broken'] });
      await jobs.enqueue({ queue: 'q', id: 'beyond', payload: null, after: ['hopeless'] });
      jobs.work({ queue: 'q', parallelMax: 3 }, async ({ id }) => {
        if (id === 'broken') throw new Error('it is broken');
        ran.push(id);
      });
      await jobs.enqueue({ queue: 'q', id: 'one', payload: null });
      await untilState(jobs, 'q', 'one', 'done');
      assert.equal((await jobs.get('q', 'join'))?.state, 'waiting');
      await jobs.enqueue({ queue: 'q', id: 'two', payload: null });
      await untilState(jobs, 'q', 'join', 'done');
      await jobs.enqueue({ queue: 'q', id: 'broken', payload: null, attemptsMax: 1 });
      assert.match((await untilState(jobs, 'q', 'beyond', 'failed')).reason ?? '', /needs job hopeless/);
      assert.deepEqual(ran, ['one', 'two', 'join']);
    },
  },
  {
    name: 'starts no job before its time',
    async run({ another }) {
      const jobs = await another();
      const notBeforeMs = Date.now() + 300;
      await jobs.enqueue({ queue: 'q', id: 'later', payload: null, notBeforeMs });
      let ranAtMs = 0;
      jobs.work({ queue: 'q', parallelMax: 1 }, async () => void (ranAtMs = Date.now()));
      await untilState(jobs, 'q', 'later', 'done');
      assert.ok(ranAtMs >= notBeforeMs);
    },
  },
  {
    name: 'runs no more at once than was asked, and as many',
    async run({ another }) {
      const jobs = await another();
      let [now, most] = [0, 0];
      const three = Promise.withResolvers<void>();
      jobs.work({ queue: 'q', parallelMax: 3 }, async () => {
        most = Math.max(most, ++now);
        if (now === 3) three.resolve();
        await three.promise;
        now -= 1;
      });
      const ids = Array.from({ length: 9 }, (_, index) => `job-${index}`);
      await Promise.all(ids.map((id) => jobs.enqueue({ queue: 'q', id, payload: null })));
      for (const id of ids) await untilState(jobs, 'q', id, 'done');
      assert.equal(most, 3);
    },
  },
  {
    name: 'lists unfinished jobs first, then the newest, and those of chosen states',
    async run({ another }) {
      const jobs = await another();
      for (const id of ['a', 'b', 'c']) {
        await jobs.enqueue({ queue: 'q', id, payload: null, priority: id === 'c' ? -1 : 0 });
        const { createdAtMs } = (await jobs.get('q', id)) ?? { createdAtMs: 0 };
        await until('the clock ticks', () => Date.now() > createdAtMs);
      }
      const worker = jobs.work({ queue: 'q', parallelMax: 1 }, async () => null);
      for (const id of ['a', 'b', 'c']) await untilState(jobs, 'q', id, 'done');
      await worker.close();
      await jobs.enqueue({ queue: 'q', id: 'open', payload: null });
      const ids = async (options: Parameters<typeof jobs.list>[1]) => (await jobs.list('q', options)).map(({ id }) => id);
      assert.deepEqual(await ids({}), ['open', 'c', 'b', 'a']);
      assert.deepEqual(await ids({ states: ['done'], jobsMax: 2 }), ['c', 'b']);
      assert.deepEqual(await jobs.list('other'), []);
    },
  },
];
