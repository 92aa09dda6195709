import { randomUUID } from 'node:crypto';
import { KvFault } from '@bioscope/kv';
import { openSqliteFile, type SqliteFile } from '@bioscope/kv/sqlite-worker';
import { checkAttempts, checkGroup, checkRecords, checkTopic } from '../checks.ts';
import type { Log, LogRecordData } from '../port.ts';
import { type Consumer, createConsumer } from './consumer.ts';
import { groupEngine } from './engine.ts';
import { NOTICE, WRITE } from './operations.ts';
import { processIdentity } from './process-identity.ts';
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

/**
 * The embedded engine: one SQLite file, a writer thread with group commit, a reader thread. Rejects with `KvFault`. Subscribers of this
 * process hear of a publication at its commit, those of other processes within a quarter of a second.
 */
export async function openLog({ folder, fileName = 'log.db', clock = Date.now, ...keep }: SqliteLogOptions): Promise<Log> {
  const consumers = new Map<Consumer, string>();
  const file = await openSqliteFile({
    folder,
    fileName,
    clock,
    program: new URL('./program.ts', import.meta.url),
    exclusive: false,
    onNotice: (notice) => {
      const kind = notice.u8();
      const topic = notice.text();
      for (const [consumer, its] of consumers) {
        if (its !== topic) continue;
        if (kind === NOTICE.published) consumer.published();
        else consumer.regrouped();
      }
    },
  });
  const engine = groupEngine(file);
  const process = processIdentity();
  const others = watchOtherProcesses(file, () => {
    for (const consumer of consumers.keys()) consumer.published();
  });
  const retention = watchRetention(file, {
    keepMs: keep.keepMs ?? KEEP_MS_DEFAULT,
    keepBytes: keep.keepBytesPerPartition ?? KEEP_BYTES_DEFAULT,
    everyMs: keep.sweepEveryMs ?? SWEEP_MS_DEFAULT,
  });
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    others.stop();
    retention.stop();
    await settleWithin(CLOSE_MS_MAX, Promise.all([...consumers.keys()].map((consumer) => consumer.close())));
    await file.close();
  }

  return {
    async publish(topic, records) {
      checkTopic(topic);
      const bytes = checkRecords(records);
      if (records.length > 0) await publish(file, topic, records, bytes);
    },
    subscribe({ topic, group, from = 'earliest', attemptsMax = 5 }, handler) {
      checkTopic(topic);
      checkGroup(group);
      checkAttempts(attemptsMax);
      if (closing !== null) throw new KvFault('KV_CLOSED', 'the log is closed');
      const membership = { topic, group, member: randomUUID() };
      const consumer = createConsumer({ engine, membership, process, fromLatest: from === 'latest', attemptsMax, handler });
      consumers.set(consumer, topic);
      if (consumers.size === 1) others.start();
      return {
        lag: () => consumer.lag(),
        async close() {
          await consumer.close();
          consumers.delete(consumer);
          if (consumers.size === 0) others.stop();
        },
      };
    },
    close: () => (closing ??= close()),
  };
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

/** A handler that never ends must not keep the log from closing; what it was working on comes again. */
async function settleWithin(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

const KEEP_MS_DEFAULT = 7 * 24 * 60 * 60 * 1000;
const KEEP_BYTES_DEFAULT = 256 * 1024 * 1024;
const SWEEP_MS_DEFAULT = 60_000;
const CLOSE_MS_MAX = 5_000;
