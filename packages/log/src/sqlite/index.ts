import { openSqliteFile, type SqliteFile } from '@bioscope/kv/sqlite-worker';
import { checkRecords, checkTopic } from '../checks.ts';
import type { Log, LogRecordData } from '../port.ts';
import { groupEngine, type LogEngine, type LogNews } from './engine.ts';
import { NOTICE, WRITE } from './operations.ts';
import { processIdentity } from './process-identity.ts';
import { openSubscribers } from './subscribers.ts';
import { watchOtherProcesses, watchRetention } from './watchers.ts';

export type SqliteLogOptions = {
  /** Made when missing, readable by its owner only. Several processes of one machine may open the same log. */
  readonly folder: string;
  readonly fileName?: string;
  /** Milliseconds since the epoch: when records were published, when leases and records run out. */
  readonly clock?: () => number;
  /** Records older than this are deleted, handled or not. Default: 7 days. */
  readonly keepMs?: number;
  /** The oldest records of a partition larger than this are deleted, handled or not. Default: 256 MiB. */
  readonly keepBytesPerPartition?: number;
  /** How often retention looks. Default: a minute. */
  readonly sweepEveryMs?: number;
};

/** The log, and what a server needs to offer it to other processes. */
export type SqliteLog = Log & { readonly engine: LogEngine };

/**
 * The embedded engine: one SQLite file, a writer thread with group commit, a reader thread. Rejects with `KvFault`. Subscribers of this
 * process hear of a publication at its commit, those of other processes within a quarter of a second.
 */
export async function openLog({ folder, fileName = 'log.db', clock = Date.now, ...keep }: SqliteLogOptions): Promise<SqliteLog> {
  const listeners = new Set<(news: LogNews) => void>();
  const tell = (news: LogNews): void => {
    subscribers.tell(news);
    for (const listener of listeners) listener(news);
  };
  const file = await openSqliteFile({
    folder,
    fileName,
    clock,
    program: new URL('./program.ts', import.meta.url),
    exclusive: false,
    onNotice: (notice) => tell({ kind: notice.u8() === NOTICE.published ? 'published' : 'regrouped', topic: notice.text() }),
  });
  const engine: LogEngine = {
    ...groupEngine(file),
    async publish(topic, records) {
      checkTopic(topic);
      const bytes = checkRecords(records);
      if (records.length > 0) await publish(file, topic, records, bytes);
    },
    onNews(listener) {
      listeners.add(listener);
      listenToOthers();
      return () => {
        listeners.delete(listener);
        listenToOthers();
      };
    },
  };
  const others = watchOtherProcesses(file, () => tell({ kind: 'published', topic: null }));
  const subscribers = openSubscribers({ engine, process: processIdentity(), topicsChanged: listenToOthers });
  const retention = watchRetention(file, {
    keepMs: keep.keepMs ?? KEEP_MS_DEFAULT,
    keepBytes: keep.keepBytesPerPartition ?? KEEP_BYTES_DEFAULT,
    everyMs: keep.sweepEveryMs ?? SWEEP_MS_DEFAULT,
  });
  let closing: Promise<void> | null = null;

  function listenToOthers(): void {
    if (closing === null && (listeners.size > 0 || subscribers.topics().size > 0)) others.start();
    else others.stop();
  }

  async function close(): Promise<void> {
    others.stop();
    retention.stop();
    await subscribers.close();
    await file.close();
  }

  return { engine, publish: engine.publish, subscribe: subscribers.subscribe, close: () => (closing ??= close()) };
}

function publish(file: SqliteFile, topic: string, records: readonly LogRecordData[], bytes: number): Promise<void> {
  return file.write({
    operation: WRITE.publish,
    bytes,
    pack: (packer) => {
      packer.text(topic);
      packer.u32(records.length);
      for (const { key, type, value, origin } of records) {
        packer.text(key);
        packer.text(type);
        packer.bytes(value);
        packer.optional(origin, ({ stream, sequence }) => {
          packer.text(stream);
          packer.f64(sequence);
        });
      }
    },
    decode: () => undefined,
  });
}

const KEEP_MS_DEFAULT = 7 * 24 * 60 * 60 * 1000;
const KEEP_BYTES_DEFAULT = 256 * 1024 * 1024;
const SWEEP_MS_DEFAULT = 60_000;
