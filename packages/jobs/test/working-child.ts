import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout } from 'node:timers/promises';
import { openJobs } from '@bioscope/jobs';
import { openKv } from '@bioscope/kv/sqlite';

/** Enqueues some films and works off all there are, in many small steps, a checkpoint after each; writes a line for each step and for each end. */
const [folder = '', ledger = '', first = ''] = process.argv.slice(2);
const FILMS = 4;
const note = (line: string) => appendFileSync(ledger, `${line}\n`);
const jobs = await openJobs({ kv: await openKv({ folder }), pollMs: 50 });

jobs.work({ queue: 'films', parallelMax: 3, leaseMs: 400 }, async (job, run) => {
  const stepsMax = Number(job.payload);
  for (let step = typeof job.checkpoint === 'number' ? job.checkpoint : 0; step < stepsMax; step += 1) {
    // The pace of the work, so that kills fall between steps as well as into them.
    await setTimeout(5);
    note(`step ${job.id} ${step}`);
    await run.checkpoint(step + 1);
    note(`kept ${job.id} ${step + 1}`);
  }
  return stepsMax;
});

for (let number = Number(first); number < Number(first) + FILMS; number += 1) {
  await jobs.enqueue({ queue: 'films', id: `film-${number}`, payload: 10 });
  note(`enqueued film-${number}`);
}
