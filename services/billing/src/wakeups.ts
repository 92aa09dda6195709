import { setTimeout as pause } from 'node:timers/promises';

import { bytes, newToken, utf8, type Items, type KvStore, type WriteToken } from '@bioscope/kv';
import type { Logger } from '@bioscope/telemetry';

/**
 * Accounts to be looked at, by time: what has to go on after a kill, and what is due. A wakeup is a hint: it is written before what it is for,
 * taken away after, and looking at an account once too often does no harm. Times are of the real clock.
 */
export type Wakeups = {
  /** Durable when it resolves. */
  at(accountId: string, wallMs: number): Promise<void>;
  close(): Promise<void>;
};

export type WakeupsParts = {
  readonly kv: Pick<KvStore, 'items' | 'registers'>;
  readonly nowMs: () => number;
  readonly holder: string;
  /** Looks at an account; when it rejects, it is asked again later. */
  readonly wake: (accountId: string) => Promise<void>;
  readonly log: Logger;
};

/** How late a payment may be taken. */
const LOOK_EVERY_MS = 500;
/** One instance looks; the others save themselves the work. Two at once would do no harm. */
const LEASE_MS = 4_000;
const TAKEN_AT_ONCE_MAX = 100;
const PARALLEL_MAX = 8;
const AGAIN_MS_FIRST = 2_000;
const AGAIN_MS_MAX = 600_000;

export function wakeups(parts: WakeupsParts): Wakeups {
  const { kv, nowMs, log } = parts;
  const closing = new AbortController();
  let leasedUntilMs = 0;
  const running = lookUntilClosed();

  async function lookUntilClosed(): Promise<void> {
    while (!closing.signal.aborted) {
      const more = await lookOnce().catch((err: unknown) => {
        log.warn({ err }, 'what is due could not be looked for');
        return false;
      });
      if (!more) await pause(LOOK_EVERY_MS, undefined, { signal: closing.signal }).catch(() => undefined);
    }
  }

  /** The lease is a durable write, so that it is renewed no sooner than it must. */
  async function mayLook(): Promise<boolean> {
    if (performance.now() < leasedUntilMs) return true;
    const askedMs = performance.now();
    const lease = await kv.registers.acquireLease({ namespace: NAMESPACE, name: 'look', holder: parts.holder, ttlMs: LEASE_MS });
    if (lease.kind === 'held') leasedUntilMs = askedMs + LEASE_MS / 2;
    return lease.kind === 'held';
  }

  /** True when there is more than was taken. */
  async function lookOnce(): Promise<boolean> {
    if (!(await mayLook())) return false;
    const due = await dueUntil(kv.items, nowMs());
    for (let start = 0; start < due.length && !closing.signal.aborted; start += PARALLEL_MAX)
      await Promise.all(due.slice(start, start + PARALLEL_MAX).map(wakeOne));
    return due.length === TAKEN_AT_ONCE_MAX;
  }

  async function wakeOne({ key, token, accountId, failures }: Due): Promise<void> {
    try {
      await parts.wake(accountId);
    } catch (err) {
      const afterMs = Math.min(AGAIN_MS_FIRST * 2 ** failures, AGAIN_MS_MAX);
      log.warn({ err, accountId, afterMs }, 'the money of an account could not be brought on; it is tried again');
      await keep(accountId, nowMs() + afterMs, failures + 1);
    }
    // With its own token: a wakeup for the same moment that was written meanwhile stays.
    await kv.items.delete({ namespace: NAMESPACE, record: RECORD, select: { kind: 'keys', keys: [key] }, token });
  }

  async function keep(accountId: string, wallMs: number, failures: number): Promise<void> {
    const item = { key: bytes(`${timeText(wallMs)}/${accountId}`), value: bytes(String(failures)) };
    await kv.items.put({ namespace: NAMESPACE, record: RECORD, items: [item], token: newToken() });
  }

  return {
    at: (accountId, wallMs) => keep(accountId, wallMs, 0),
    async close() {
      closing.abort();
      await running;
    },
  };
}

type Due = { readonly key: Uint8Array; readonly token: WriteToken; readonly accountId: string; readonly failures: number };

/** What is due, oldest first, at most `TAKEN_AT_ONCE_MAX`. */
async function dueUntil(items: Items, wallMs: number): Promise<readonly Due[]> {
  const select = { kind: 'range', to: bytes(timeText(wallMs + 1)) } as const;
  const page = await items.get({ namespace: NAMESPACE, record: RECORD, select, page: { itemsMax: TAKEN_AT_ONCE_MAX } });
  return page.items.map(({ key, value, token }) => ({
    key,
    token,
    accountId: utf8(key).slice(TIME_DIGITS + 1),
    failures: Number(utf8(value)),
  }));
}

/** Sorts as text like the number. */
function timeText(wallMs: number): string {
  return String(Math.ceil(wallMs)).padStart(TIME_DIGITS, '0');
}

const NAMESPACE = 'billing_wakeups';
const RECORD = 'due';
const TIME_DIGITS = 16;
