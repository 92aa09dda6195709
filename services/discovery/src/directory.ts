import { createAwakeClock } from './awake-clock.ts';
import { createCopy } from './domain/copy.ts';
import type { Copy } from './domain/copy.ts';
import { createWatchers } from './watchers.ts';

/** A copy with its clock, and those who wait for news from it. */
export type Directory = {
  readonly copy: Copy;
  nowMs(): number;
  /** Called after everything that was heard: watchers, and whoever asked for it by `onNews`, learn what is new. */
  announce(): void;
  /** Calls back after `announce` and several times a second. */
  onNews(listener: () => void): void;
  /** Resolves when this copy's picture is newer than `version`, after `waitMs`, when the signal aborts, or when the directory retires. */
  newerThan(version: number, waitMs: number, signal: AbortSignal): Promise<void>;
  /** Nobody is to ask any more; what is said is still heard and handed on. */
  retire(): void;
  isRetired(): boolean;
  close(): void;
};

/** How late an expiry may be noticed, and news reach a peer. */
const STEP_EVERY_MS = 100;
/** Loads change all the time. Told at once, each would wake every watcher; a choice by a load of two seconds ago is as good. */
const LOADS_EVERY_MS = 2_000;

export function createDirectory({ id, peers }: { id: string; peers: readonly string[] }): Directory {
  const nowMs = createAwakeClock(() => performance.now());
  const copy = createCopy({ id, peers, nowMs: nowMs() });
  const watchers = createWatchers();
  const listeners = new Set<() => void>();
  let told = copy.leases.changes.version();
  let loadsAtMs = nowMs();
  let retired = false;

  function announce(): void {
    for (const listener of listeners) listener();
    const version = copy.leases.changes.version();
    if (version === told) return;
    told = version;
    watchers.wake();
  }

  const timer = setInterval(() => {
    copy.leases.expire(nowMs());
    if (nowMs() - loadsAtMs >= LOADS_EVERY_MS) {
      loadsAtMs = nowMs();
      copy.leases.changes.flush();
    }
    announce();
  }, STEP_EVERY_MS);

  return {
    copy,
    nowMs,
    announce,
    onNews: (listener) => listeners.add(listener),
    newerThan: (version, waitMs, signal) =>
      retired || version !== copy.leases.changes.version() ? Promise.resolve() : watchers.wait(waitMs, signal),
    retire() {
      retired = true;
      watchers.wake();
    },
    isRetired: () => retired,
    close() {
      retired = true;
      clearInterval(timer);
      watchers.wake();
    },
  };
}
