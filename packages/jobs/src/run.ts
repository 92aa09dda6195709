import { setTimeout as pause } from 'node:timers/promises';
import { LEASES } from './claim.ts';
import type { Claimed } from './claim.ts';
import { done, failed, givenBack, threw } from './life.ts';
import { moveHint } from './move-hint.ts';
import type { Parts } from './parts.ts';
import { JobFault, JobRefusal } from './port.ts';
import type { JobHandler } from './port.ts';
import { checkSize, jobOf } from './record.ts';
import type { JobRecord } from './record.ts';

export type Run = { readonly id: string; readonly ended: Promise<void>; giveBack(): void };

const PROGRESS_EVERY_MS = 500;
/** Three chances to renew before a lease runs out. */
const BEATS_PER_LEASE = 3;
/** How often the end of a job is written again while the store is away or full; the lease is kept meanwhile. About four minutes. */
const SETTLE_TRIES_MAX = 50;
const SETTLE_PAUSE_MS = 5_000;

/** Runs one claimed job to its end. Never rejects: what goes wrong is written into the job, or, when the store is gone, left to the next holder of the lease. */
export function startRun(parts: Parts, { queue, leaseMs }: { queue: string; leaseMs: number }, claimed: Claimed, handler: JobHandler): Run {
  const { kv, store, nowMs, onTrouble } = parts;
  const { fence, holder } = claimed;
  const lease = { namespace: LEASES, name: `${queue}/${claimed.record.id}`, holder, fence };
  const control = new AbortController();
  let { record, version } = claimed;
  let lost = false;
  let closing = false;
  let writing: Promise<unknown> = Promise.resolve();
  let latestProgress = record.progress;
  let heldUntilMs = claimed.leasedAtMs + leaseMs;

  const beat = setInterval(() => void renew(), leaseMs / BEATS_PER_LEASE);
  const look = () => void renew();
  parts.bell.addEventListener(`${queue}/${record.id}`, look);
  const flush = setInterval(() => void keepProgress(), PROGRESS_EVERY_MS);
  return {
    id: record.id,
    ended: finish(),
    giveBack() {
      closing = true;
      control.abort(new JobFault('JOB_CLOSED', 'The worker closes; the job is given back.'));
    },
  };

  async function finish(): Promise<void> {
    try {
      const next = await outcome();
      if (next !== null) await settle(next);
    } catch (error) {
      onTrouble(error);
    } finally {
      clearInterval(beat);
      clearInterval(flush);
      parts.bell.removeEventListener(`${queue}/${claimed.record.id}`, look);
      await writing.catch(() => undefined);
      // With our fence: another holder's lease is not touched.
      await kv.registers.releaseLease(lease).catch(onTrouble);
    }
  }

  async function outcome(): Promise<((record: JobRecord) => JobRecord) | null> {
    try {
      const result = await handler(jobOf(queue, record), {
        signal: control.signal,
        fence,
        progress: (share) => void (latestProgress = share),
        checkpoint,
      });
      if (lost) return null;
      return (current) => checkSize(done(current, result, nowMs()));
    } catch (error) {
      if (lost) return null;
      if (closing) return givenBack;
      if (error instanceof JobRefusal) return (current) => failed(current, error.message, nowMs());
      return (current) => threw(current, messageOf(error), { nowMs: nowMs(), random: parts.random() });
    }
  }

  async function settle(next: (record: JobRecord) => JobRecord): Promise<void> {
    for (let tried = 1; ; tried += 1) {
      try {
        await write(next);
        await moveHint(store, queue, record);
        return;
      } catch (error) {
        if (error instanceof JobFault && error.code === 'JOB_LOST') return;
        if (error instanceof JobFault && error.code === 'JOB_TOO_LARGE') next = (current) => failed(current, error.message, nowMs());
        else if (tried >= SETTLE_TRIES_MAX || closing) throw error;
        else await pause(Math.min(SETTLE_PAUSE_MS, 100 * 2 ** tried));
      }
    }
  }

  async function checkpoint(value: unknown): Promise<void> {
    await write((current) => checkSize({ ...current, checkpoint: value ?? null, progress: latestProgress }));
  }

  async function keepProgress(): Promise<void> {
    const progress = Math.min(1, Math.max(0, latestProgress));
    if (progress === record.progress || lost) return;
    await write((current) => ({ ...current, progress })).catch((error: unknown) => {
      if (!lost) onTrouble(error);
    });
  }

  /** One change after another: each is made on the version that the one before left. Somebody else's version means that this run no longer counts. */
  function write(change: (record: JobRecord) => JobRecord): Promise<void> {
    const turn = writing
      .catch(() => undefined)
      .then(async () => {
        if (lost) throw lostFault();
        const next = change(record);
        const written = await store.change(queue, next, version);
        if (written.kind === 'conflict')
          throw lose(written.current?.record.state === 'cancelled' ? 'it was cancelled' : 'somebody else runs it');
        record = next;
        version = written.version;
      });
    writing = turn;
    return turn;
  }

  async function renew(): Promise<void> {
    const askedAtMs = performance.now();
    if (askedAtMs >= heldUntilMs) return void lose('its lease ran out while the store could not be reached');
    try {
      const renewed = await kv.registers.renewLease({ ...lease, ttlMs: leaseMs }, { deadlineMs: leaseMs / BEATS_PER_LEASE });
      if (renewed.kind === 'lost') return void lose('its lease ran out');
      heldUntilMs = askedAtMs + leaseMs;
      await writing.catch(() => undefined);
      const seen = version;
      const current = await store.read(queue, record.id);
      if (seen === version && current?.version !== seen)
        lose(current?.record.state === 'cancelled' ? 'it was cancelled' : 'somebody else runs it');
    } catch (error) {
      onTrouble(error);
    }
  }

  function lose(because: string): JobFault {
    lost = true;
    // A handler that does not stop must not keep the lease from others.
    clearInterval(beat);
    const fault = lostFault(because);
    control.abort(fault);
    return fault;
  }

  function lostFault(because = 'it was lost before'): JobFault {
    return new JobFault('JOB_LOST', `Job ${record.id} no longer runs here: ${because}.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
