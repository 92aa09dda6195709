import type { Hint, Versioned } from './job-store.ts';
import { readiness, failed, taken } from './life.ts';
import { moveHint } from './move-hint.ts';
import type { Parts } from './parts.ts';
import type { JobState } from './port.ts';
import { persist } from './persist.ts';
import { isEnded } from './record.ts';

export const LEASES = 'jobs_leases';
export type Claimed = Versioned & { readonly fence: number; readonly holder: string; readonly leasedAtMs: number };
type Claim = { readonly queue: string; readonly leaseMs: number; readonly isRunningHere: (id: string) => boolean };

/** An enqueue is over within its calls' deadlines; a hint this old without its job belongs to one that was cut off. */
const ORPHAN_AFTER_MS = 600_000;

/** The next job that may run, leased and marked as running; null when there is none. The lease decides, not what was read before it. */
export async function claimNext(parts: Parts, claim: Claim): Promise<Claimed | null> {
  const hints = await parts.store.openHints(claim.queue);
  hints.sort((one, other) => other.priority - one.priority || one.createdAtMs - other.createdAtMs || (one.id < other.id ? -1 : 1));
  for (const hint of hints) {
    if (claim.isRunningHere(hint.id)) continue;
    const found = await parts.store.read(claim.queue, hint.id);
    if (found === null || isEnded(found.record)) await mend(parts, claim.queue, hint, found);
    else if (await mayRun(parts, claim.queue, found)) {
      const claimed = await lease(parts, claim, hint.id);
      if (claimed !== null) return claimed;
    }
  }
  return null;
}

async function mend({ store, nowMs }: Parts, queue: string, hint: Hint, found: Versioned | null): Promise<void> {
  if (found === null) {
    if (nowMs() - hint.writtenAtMs > ORPHAN_AFTER_MS) await store.dropOpen(queue, hint);
  } else if (hint.generation <= found.record.generation) {
    await store.hintEnded(queue, found.record);
    await store.dropOpen(queue, hint);
  }
}

async function mayRun({ store, nowMs }: Parts, queue: string, { record, version }: Versioned): Promise<boolean> {
  if (record.state === 'running') return true;
  const states: (JobState | null)[] = [];
  for (const id of record.after) {
    const state = (await store.read(queue, id))?.record.state ?? null;
    states.push(state);
    // One that is not over settles it: there may be hundreds.
    if (state !== 'done') break;
  }
  const ready = readiness(record, states, nowMs());
  if (ready.kind !== 'never') return ready.kind === 'ready';
  const next = failed(record, ready.because, nowMs());
  if ((await store.change(queue, next, version)).kind === 'written') await moveHint(store, queue, next);
  return false;
}

async function lease({ kv, store, newId, nowMs }: Parts, { queue, leaseMs }: Claim, id: string): Promise<Claimed | null> {
  const name = { namespace: LEASES, name: `${queue}/${id}`, holder: newId() };
  const leasedAtMs = performance.now();
  const acquired = await persist(() => kv.registers.acquireLease({ ...name, ttlMs: leaseMs }));
  if (acquired.kind === 'taken') return null;
  const { fence } = acquired;
  const claimed = await begin();
  if (claimed === null) await persist(() => kv.registers.releaseLease({ ...name, fence }));
  return claimed;

  async function begin(): Promise<Claimed | null> {
    const found = await store.read(queue, id);
    // What was read before the lease may be long past: it may even have been run to its end meanwhile.
    if (found === null || isEnded(found.record) || (found.record.state === 'waiting' && found.record.notBeforeMs > nowMs())) return null;
    const record = taken(found.record, nowMs());
    const written = await store.change(queue, record, found.version);
    if (written.kind === 'conflict') return null;
    if (record.state === 'running') return { record, version: written.version, fence, holder: name.holder, leasedAtMs };
    await moveHint(store, queue, record);
    return null;
  }
}
