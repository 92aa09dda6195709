import { randomUUID } from 'node:crypto';
import type { KvStore } from '@bioscope/kv';
import { jobStore } from './job-store.ts';
import { cancelled, retried } from './life.ts';
import { listJobs } from './list.ts';
import { moveHint } from './move-hint.ts';
import type { Parts } from './parts.ts';
import { JobFault } from './port.ts';
import type { Job, Jobs, Worker } from './port.ts';
import { checkName, isEnded, jobOf, newRecord } from './record.ts';
import type { JobRecord } from './record.ts';
import { openWorker } from './worker.ts';

export type JobsOptions = {
  readonly kv: KvStore;
  readonly nowMs?: () => number;
  /** How long a job that another process enqueued may go unseen here. Default 1 000. */
  readonly pollMs?: number;
  /** 0 to 1; spreads retries. */
  readonly random?: () => number;
  readonly newId?: () => string;
  /** Told of faults of the store that a worker rode out. */
  readonly onTrouble?: (error: unknown) => void;
};

/** A change lost to somebody else's is tried again; this many in a row mean that something is wrong. */
const CONFLICTS_MAX = 50;

/** Opens the queues that lie in this store; several processes may. Reads once, so that a store that does not answer shows here. */
export async function openJobs(options: JobsOptions): Promise<Jobs> {
  const newId = options.newId ?? randomUUID;
  const store = jobStore({ kv: options.kv, newId });
  const parts: Parts = {
    kv: options.kv,
    store,
    newId,
    nowMs: options.nowMs ?? Date.now,
    pollMs: options.pollMs ?? 1_000,
    random: options.random ?? Math.random,
    onTrouble: options.onTrouble ?? (() => undefined),
    bell: new EventTarget(),
  };
  await store.read('open', 'probe');
  return jobsOn(parts);
}

function jobsOn(parts: Parts): Jobs {
  const { store, nowMs, bell } = parts;
  const workers = new Set<Worker>();
  let closed = false;

  return {
    async enqueue(request) {
      if (closed) throw new JobFault('JOB_CLOSED', 'The jobs were closed.');
      const wanted = newRecord(request, nowMs());
      const { queue } = request;
      await store.hintOpen(queue, wanted);
      const { record } = await store.create(queue, wanted);
      if (record.generation > wanted.generation && !isEnded(record)) await store.hintOpen(queue, record);
      ring(queue);
      return jobOf(queue, record);
    },

    async get(queue, id) {
      checkName(queue, id);
      const found = await store.read(queue, id);
      return found === null ? null : jobOf(queue, found.record);
    },

    list: (queue, options) => listJobs(store, queue, options),

    retry: (queue, id) =>
      change(queue, id, async (record) => {
        if (record.state !== 'failed' && record.state !== 'cancelled') return null;
        const next = retried(record);
        await store.hintOpen(queue, next);
        return next;
      }),

    cancel: (queue, id) => change(queue, id, async (record) => (isEnded(record) ? null : cancelled(record, nowMs()))),

    async forget(queue, id) {
      checkName(queue, id);
      const found = await store.read(queue, id);
      if (found !== null && !isEnded(found.record))
        throw new JobFault('JOB_UNFINISHED', `Job ${id} is ${found.record.state}; cancel it before it is forgotten.`);
      if (found !== null) await store.remove(queue, id, found.version);
      await store.dropEnded(queue, id);
    },

    work(request, handler) {
      if (closed) throw new JobFault('JOB_CLOSED', 'The jobs were closed.');
      const worker = openWorker(parts, request, handler);
      workers.add(worker);
      return worker;
    },

    async close() {
      closed = true;
      await Promise.all([...workers].map((worker) => worker.close()));
    },
  };

  async function change(queue: string, id: string, decide: (record: JobRecord) => Promise<JobRecord | null>): Promise<Job> {
    checkName(queue, id);
    for (let conflicts = 0; conflicts < CONFLICTS_MAX; conflicts += 1) {
      const found = await store.read(queue, id);
      if (found === null) throw new JobFault('JOB_UNKNOWN', `There is no job ${JSON.stringify(id)} in ${queue}.`);
      const next = await decide(found.record);
      if (next === null) return jobOf(queue, found.record);
      const written = await store.change(queue, next, found.version);
      if (written.kind === 'conflict') continue;
      await moveHint(store, queue, next);
      bell.dispatchEvent(new Event(`${queue}/${id}`));
      ring(queue);
      return jobOf(queue, next);
    }
    throw new JobFault('JOB_LOST', `Job ${id} changed ${CONFLICTS_MAX} times while it was to be changed.`);
  }

  function ring(queue: string): void {
    bell.dispatchEvent(new Event(queue));
  }
}
