import { createLeaseTable } from './domain/lease-table.ts';
import type { LeaseTable } from './domain/lease-table.ts';

/** The lease table with its clock and those who wait for changes. */
export type Directory = {
  readonly leases: LeaseTable;
  nowMs(): number;
  /** Tells the watchers when something changed. Called after every change. */
  announce(): void;
  /** Resolves when the picture has another version than `known`, after `waitMs`, when the signal aborts, or when the directory closes. */
  changedFrom(known: number, waitMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
};

/** How late an expiry may be noticed. */
const EXPIRE_EVERY_MS = 250;
/** One per process of a deployment; more would be a caller that does not stop asking. */
export const WATCHERS_MAX = 10_000;

export function createDirectory(): Directory {
  // Wall clock, so that versions of two runs differ.
  const leases = createLeaseTable(Date.now());
  const watchers = new Set<{ known: number; wake: () => void }>();
  let closed = false;
  const nowMs = (): number => performance.now();
  const announce = (): void => {
    for (const watcher of watchers) if (watcher.known !== leases.version()) watcher.wake();
  };
  const timer = setInterval(() => {
    leases.expire(nowMs());
    announce();
  }, EXPIRE_EVERY_MS);

  return {
    leases,
    nowMs,
    announce,
    changedFrom(known, waitMs, signal) {
      if (known !== leases.version() || closed || signal.aborted || watchers.size >= WATCHERS_MAX) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = (): void => {
          clearTimeout(timeout);
          signal.removeEventListener('abort', wake);
          watchers.delete(watcher);
          resolve();
        };
        const watcher = { known, wake };
        const timeout = setTimeout(wake, waitMs);
        signal.addEventListener('abort', wake, { once: true });
        watchers.add(watcher);
      });
    },
    close() {
      closed = true;
      clearInterval(timer);
      for (const watcher of watchers) watcher.wake();
    },
  };
}
