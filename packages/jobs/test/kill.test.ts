import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openJobs } from '@bioscope/jobs';
import type { Jobs } from '@bioscope/jobs';
import { openKv } from '@bioscope/kv/sqlite';
import { until } from '../src/conformance/wait.ts';

const KILLS_MAX = process.env.BIOSCOPE_TEST_ALL === '1' ? 40 : 5;
const seed = Number(process.env.BIOSCOPE_TEST_SEED ?? Date.now() % 1_000_000);
/** As in the child. Each has ten steps, so that none of the processes runs out of work before it is killed. */
const FILMS_PER_CHILD = 4;
const PARALLEL = 12;

describe('jobs whose worker process is killed', () => {
  it('go on in the next process from their last checkpoint; none is lost', { timeout: 300_000 }, async (t) => {
    t.diagnostic(`BIOSCOPE_TEST_SEED=${seed}`);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-jobs-kill-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const ledger = path.join(folder, 'ledger');
    await writeFile(ledger, '');
    for (let kill = 0; kill < KILLS_MAX; kill += 1) await workUntilKilled(folder, ledger, kill);
    const kv = await openKv({ folder });
    const jobs = await openJobs({ kv, pollMs: 50 });
    try {
      await finishHere(jobs, await linesOf(ledger));
    } finally {
      await jobs.close();
      await kv.close();
    }
  });
});

async function finishHere(jobs: Jobs, lines: readonly string[]): Promise<void> {
  const enqueued = lines.filter((line) => line.startsWith('enqueued')).map((line) => line.split(' ')[1] ?? '');
  assert.ok(
    enqueued.length > 0 && lines.some((line) => line.startsWith('kept')),
    'no process got as far as a checkpoint: the kills proved nothing',
  );
  const resumedAt = new Map<string, unknown>();
  jobs.work({ queue: 'films', parallelMax: PARALLEL, leaseMs: 400 }, async (job) => {
    resumedAt.set(job.id, job.checkpoint);
    return job.payload;
  });
  for (const id of new Set(enqueued)) {
    await until(`${id} is done`, async () => (await jobs.get('films', id))?.state === 'done', 20_000);
    const kept = lines.filter((line) => line.startsWith(`kept ${id} `)).map((line) => Number(line.split(' ')[2]));
    // A checkpoint may have been kept that the killed process could not note any more, never the other way round.
    if (resumedAt.has(id)) assert.ok(Number(resumedAt.get(id) ?? 0) >= Math.max(0, ...kept), `${id} forgot an acknowledged checkpoint`);
  }
  assertNoStepRedone(lines);
}

function assertNoStepRedone(lines: readonly string[]): void {
  const kept = new Set<string>();
  for (const line of lines) {
    const [what, id, number] = line.split(' ');
    if (what === 'kept') kept.add(`${id} ${Number(number) - 1}`);
    if (what === 'step') assert.ok(!kept.has(`${id} ${number}`), `step ${number} of ${id} was done again after its checkpoint`);
  }
}

async function workUntilKilled(folder: string, ledger: string, kill: number): Promise<void> {
  const before = (await linesOf(ledger)).length;
  const moreLines = 3 + ((seed * 31 + kill * 17) % 20);
  const child = spawn(
    process.execPath,
    [path.join(import.meta.dirname, 'working-child.ts'), folder, ledger, String(kill * FILMS_PER_CHILD)],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  try {
    await until('the child has done enough', async () => (await linesOf(ledger)).length >= before + moreLines, 20_000);
  } finally {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  }
}

async function linesOf(ledger: string): Promise<string[]> {
  // The last line may have been cut by the kill.
  return (await readFile(ledger, 'utf8')).split('\n').slice(0, -1);
}
