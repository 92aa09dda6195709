import type { LogRecord, LogSubscription } from '../port.ts';
import { createBell } from '../bell.ts';
import { type GroupEngine, isPassing, type Membership } from './engine.ts';
import { afterRejection, afterSuccess, nextBatch, pauseMs, type Progress, startProgress } from '../progress.ts';

export type ConsumerParts = {
  readonly engine: GroupEngine;
  readonly membership: Membership;
  readonly process: string;
  readonly fromLatest: boolean;
  readonly attemptsMax: number;
  readonly handler: (records: readonly LogRecord[]) => Promise<void>;
};

export type Consumer = LogSubscription & {
  /** New records may have come. */
  published(): void;
  /** Members came or went. */
  regrouped(): void;
};

/**
 * One member of a group: keeps its membership alive beside the work, fetches from the partitions it holds, hands batches to the handler
 * one at a time, commits after each. A failing engine is asked again until it answers or the log is closed.
 */
export function createConsumer({ engine, membership, process, fromLatest, attemptsMax, handler }: ConsumerParts): Consumer {
  const closing = new AbortController();
  const partitions = new Map<number, Progress>();
  /** Partitions to give up once the handler is done with them. */
  const leaving = new Set<number>();
  let mayHaveRecords = true;
  let failures = 0;
  const bell = createBell();
  const heart = startHeart();
  const work = run();

  async function run(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await step();
        failures = 0;
      } catch (error) {
        if (!isPassing(error)) return;
        failures += 1;
        await bell.wait(pauseMs(failures));
      }
    }
  }

  /** Handles one batch; or fetches; or waits until there may be something to do. */
  async function step(): Promise<void> {
    await letGo();
    const ready = nextReady();
    if (ready !== null) return handle(...ready);
    if (mayHaveRecords) return fetchAll();
    await bell.wait(Math.min(IDLE_MS_MAX, earliestRetryMs()));
  }

  function nextReady(): [number, Progress] | null {
    const now = performance.now();
    for (const [partition, progress] of partitions) {
      if (progress.waiting.length > 0 && progress.notBeforeMs <= now) return [partition, progress];
    }
    return null;
  }

  function earliestRetryMs(): number {
    let earliest = Infinity;
    for (const { waiting, notBeforeMs } of partitions.values()) if (waiting.length > 0) earliest = Math.min(earliest, notBeforeMs);
    return Math.max(0, earliest - performance.now());
  }

  async function handle(partition: number, progress: Progress): Promise<void> {
    const batch = nextBatch(progress);
    if (await accepted(batch)) return commit(partition, progress, batch, false);
    const next = afterRejection(progress, batch, attemptsMax, performance.now());
    if (next.kind === 'park') return commit(partition, progress, batch, true);
    if (partitions.get(partition)?.fence === progress.fence) replace(partition, next.progress);
  }

  async function accepted(batch: readonly LogRecord[]): Promise<boolean> {
    try {
      await handler(batch);
      return true;
    } catch {
      // What the rejection means is decided by counting them; the handler knows best how to report its own failure.
      return false;
    }
  }

  async function commit(partition: number, progress: Progress, handled: readonly LogRecord[], park: boolean): Promise<void> {
    const after = afterSuccess(progress, handled);
    const kept = await engine.commit(membership, { partition, fence: progress.fence, nextOffset: after.nextOffset }, park);
    // Between asking and now a heartbeat may have taken the partition away, or given it back with a new fence.
    if (partitions.get(partition)?.fence !== progress.fence) return;
    if (kept) replace(partition, after);
    else partitions.delete(partition);
  }

  /** Puts the partition last, so that a busy one does not starve the others. */
  function replace(partition: number, progress: Progress): void {
    partitions.delete(partition);
    partitions.set(partition, progress);
    if (progress.waiting.length === 0) mayHaveRecords = true;
  }

  async function fetchAll(): Promise<void> {
    mayHaveRecords = false;
    const wanted = [...partitions].filter(([, progress]) => progress.waiting.length === 0);
    if (wanted.length === 0) return;
    const asked = wanted.map(([partition, progress]) => ({ partition, from: progress.nextOffset }));
    const found = await engine.fetch(membership.topic, asked, RECORDS_PER_FETCH_MAX).catch((error: unknown) => {
      mayHaveRecords = true;
      throw error;
    });
    let any = false;
    wanted.forEach(([partition, progress], index) => {
      const waiting = found[index] ?? [];
      if (waiting.length === 0 || partitions.get(partition) !== progress) return;
      partitions.set(partition, { ...progress, waiting });
      any = true;
    });
    // A full answer may have left out partitions that have records too.
    if (any) mayHaveRecords = true;
  }

  async function letGo(): Promise<void> {
    for (const partition of leaving) {
      leaving.delete(partition);
      const progress = partitions.get(partition);
      partitions.delete(partition);
      if (progress !== undefined) await engine.release(membership, { partition, fence: progress.fence });
    }
  }

  async function beat(): Promise<void> {
    const held = await engine.join(membership, { process, leaseMs: LEASE_MS, fromLatest });
    const now = new Set(held.map(({ partition }) => partition));
    for (const partition of partitions.keys()) if (!now.has(partition)) partitions.delete(partition);
    for (const { partition, fence, nextOffset, keep } of held) {
      if (!keep) leaving.add(partition);
      else leaving.delete(partition);
      if (partitions.get(partition)?.fence === fence) continue;
      partitions.set(partition, startProgress(fence, nextOffset));
      mayHaveRecords = true;
    }
    bell.ring();
  }

  /** Beats on its own, also while a handler takes its time. */
  function startHeart(): { beatSoon(): void; stopped: Promise<void> } {
    const pulse = createBell();
    const stopped = (async () => {
      while (!closing.signal.aborted) {
        const beaten = await beat().then(
          () => true,
          (error: unknown) => (isPassing(error) ? false : null),
        );
        if (beaten === null) return;
        await pulse.wait(beaten ? LEASE_MS / 3 : RETRY_BEAT_MS);
      }
    })();
    return { beatSoon: () => pulse.ring(), stopped };
  }

  async function close(): Promise<void> {
    closing.abort();
    bell.ring();
    heart.beatSoon();
    await Promise.all([work, heart.stopped]);
    // When the log is closed or cannot be reached, the lease or the end of the process sets the partitions free.
    await engine.leave(membership).catch(() => {});
  }

  let closed: Promise<void> | null = null;
  return {
    close: () => (closed ??= close()),
    lag: () => engine.lag(membership.topic, membership.group),
    published() {
      mayHaveRecords = true;
      bell.ring();
    },
    regrouped: () => heart.beatSoon(),
  };
}

/** A member that stalls longer than this loses its partitions, and what it had not committed is handled again elsewhere. */
const LEASE_MS = 10_000;
const RETRY_BEAT_MS = 250;
/** Nothing is expected to happen without a ring; this bounds the harm should one be missed. */
const IDLE_MS_MAX = 5_000;
/** Per partition; what one handler call gets at most. */
const RECORDS_PER_FETCH_MAX = 100;
