import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openJobs } from '@bioscope/jobs';
import type { Jobs } from '@bioscope/jobs';
import { cases } from '@bioscope/jobs/conformance';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';

describe('the jobs conformance suite', () => {
  it('rejects an engine that reads, then writes, instead of comparing and setting', async () => {
    const failed = await failures((kv) => readThenWrite(kv));
    assert.ok(
      failed.some((name) => /never lets two workers run one job at once/.test(name)),
      `failed only: ${failed.join('; ') || 'nothing'}`,
    );
  });

  it('passes the same cases on the store as it is', async () => {
    assert.deepEqual(await failures((kv) => kv), []);
  });
});

const CASES = /never lets two workers/;

async function failures(broken: (kv: KvStore) => KvStore): Promise<string[]> {
  const failed: string[] = [];
  for (const each of cases.filter(({ name }) => CASES.test(name))) {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-jobs-'));
    const kv = await openKv({ folder });
    const opened: Jobs[] = [];
    const another = async () => {
      const jobs = await openJobs({ kv: broken(kv), pollMs: 50 });
      opened.push(jobs);
      return jobs;
    };
    const close = async () => {
      await Promise.all(opened.map((jobs) => jobs.close()));
      await kv.close();
      await rm(folder, { recursive: true, force: true });
    };
    await each.run({ another, close }).catch(() => failed.push(each.name));
    await close();
  }
  return failed;
}

/** Leases and registers that look first and write after: what a store without compare-and-set would lead to. */
function readThenWrite(kv: KvStore): KvStore {
  return {
    ...kv,
    registers: {
      ...kv.registers,
      async acquireLease(request) {
        return { kind: 'held', fence: 1, expiresAtMs: Date.now() + request.ttlMs };
      },
      async renewLease(request) {
        return { kind: 'renewed', expiresAtMs: Date.now() + request.ttlMs };
      },
      async compareAndSet(request) {
        const current = await kv.registers.read(request);
        if (current?.version !== request.expectedVersion) return { kind: 'conflict', current };
        await setTimeout(5);
        const last = await kv.registers.read(request);
        return kv.registers.compareAndSet({ ...request, expectedVersion: last?.version ?? 0 });
      },
    },
  };
}
