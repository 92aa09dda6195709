import { createHousekeeping } from './housekeeping.ts';
import { KvFault, type KvStore, type Subscription } from '../port.ts';
import { openSqliteFile } from '../sqlite-worker/open.ts';
import { sqliteItems } from './items.ts';
import { sqliteRegisters } from './registers.ts';
import { sqliteStreams } from './streams.ts';

export type SqliteKvOptions = {
  /** Made when missing, readable by its owner only. One store per file: a second one, in any process, is refused. */
  readonly folder: string;
  readonly fileName?: string;
  /** Milliseconds since the epoch: decides when items expire and leases end. */
  readonly clock?: () => number;
  /** How large the file may grow; a write beyond it fails with `KV_NO_SPACE`. Default: as far as the disk goes. */
  readonly bytesMax?: number;
  /** How often to look for what may be forgotten. Default: 30 s. */
  readonly sweepEveryMs?: number;
};

/**
 * The embedded engine: one SQLite file, one writer thread with group commit, one reader thread. A write resolves once it is on disk
 * (`synchronous=FULL`). Rejects with `KV_UNAVAILABLE` when the file is damaged, in use, or of a newer release; the message says which.
 */
export async function openKv({
  folder,
  fileName = 'kv.db',
  clock = Date.now,
  bytesMax,
  sweepEveryMs = 30_000,
}: SqliteKvOptions): Promise<KvStore> {
  const watchers = new Map<string, Set<() => void>>();
  const subscriptions = new Set<Subscription>();
  const file = await openSqliteFile({
    folder,
    fileName,
    clock,
    ...(bytesMax === undefined ? {} : { bytesMax }),
    program: new URL('./program.ts', import.meta.url),
    exclusive: true,
    onNotice: (notice) => {
      for (const wake of watchers.get(notice.text()) ?? []) wake();
    },
  });
  const housekeeping = createHousekeeping(file, sweepEveryMs);
  let closing: Promise<void> | null = null;

  function onAppended(namespace: string, wake: () => void): () => void {
    const wakes = watchers.get(namespace) ?? new Set();
    watchers.set(namespace, wakes.add(wake));
    return () => {
      wakes.delete(wake);
      if (wakes.size === 0) watchers.delete(namespace);
    };
  }

  function keep(subscription: Subscription): void {
    if (closing !== null) throw new KvFault('KV_CLOSED', 'the store is closed');
    subscriptions.add(subscription);
    const forget = (): void => void subscriptions.delete(subscription);
    subscription.ended.then(forget, forget);
  }

  async function close(): Promise<void> {
    housekeeping.stop();
    // A handler may be waiting for this very store: it is not waited for, its next call fails with KV_CLOSED.
    for (const subscription of subscriptions) void subscription.close();
    await file.close();
  }

  return {
    items: sqliteItems(file, clock),
    registers: sqliteRegisters(file),
    streams: sqliteStreams(file, onAppended, keep),
    close: () => (closing ??= close()),
  };
}
