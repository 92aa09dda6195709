import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openJobs } from '@bioscope/jobs';
import type { Jobs } from '@bioscope/jobs';
import { describeJobsConformance } from '@bioscope/jobs/conformance';
import { openKv } from '@bioscope/kv/sqlite';

describeJobsConformance('on the embedded store', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-jobs-'));
  const kv = await openKv({ folder });
  const opened: Jobs[] = [];
  return {
    async another() {
      const jobs = await openJobs({ kv, pollMs: 50 });
      opened.push(jobs);
      return jobs;
    },
    async close() {
      await Promise.all(opened.map((jobs) => jobs.close()));
      await kv.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
});
