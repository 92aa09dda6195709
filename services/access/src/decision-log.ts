import type { Log } from '@bioscope/log';
import type { Logger, Metrics } from '@bioscope/telemetry';

import { DECISIONS_TOPIC, type DecisionRecord } from '../contract/index.ts';

/** Tells the log what was decided. */
export type DecisionLog = {
  /** Never waits and never fails: no decision depends on being written down. */
  write(record: DecisionRecord): void;
  /** Writes what waits, if the log takes it now. */
  close(): Promise<void>;
};

/** A log that is down for a moment loses nothing; what comes when so many wait is counted and dropped. About 400 bytes each. */
const WAITING_MAX = 5_000;
const BATCH_MAX = 500;
const AGAIN_AFTER_MS = 1_000;
/** Records of one key stay in order; visitors have no account. */
const KEY_OF_VISITORS = 'visitors';

export function decisionLog({ log, metrics, logger }: { log: Pick<Log, 'publish'>; metrics: Metrics; logger: Logger }): DecisionLog {
  const lost = metrics.counter('bioscope_access_records_lost_total', 'Decisions that were not written to the log');
  const waiting: DecisionRecord[] = [];
  let writing: Promise<void> | null = null;
  let again: NodeJS.Timeout | null = null;

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH_MAX);
      await log.publish(DECISIONS_TOPIC, batch.map(logRecord));
      waiting.splice(0, batch.length);
    }
  }

  function start(): void {
    if (writing !== null || again !== null) return;
    writing = writeAll()
      .catch((err: unknown) => {
        logger.warn({ err, waiting: waiting.length }, 'decisions cannot be written to the log; tried again');
        again = setTimeout(() => {
          again = null;
          start();
        }, AGAIN_AFTER_MS);
        again.unref();
      })
      .finally(() => {
        writing = null;
        // Written after the last look.
        if (waiting.length > 0) start();
      });
  }

  return {
    write(record) {
      if (waiting.length >= WAITING_MAX) {
        lost.add({});
        return;
      }
      waiting.push(record);
      start();
    },
    async close() {
      await writing;
      if (again !== null) clearTimeout(again);
      await writeAll().catch((err: unknown) => {
        lost.add({}, waiting.length);
        logger.warn({ err, lost: waiting.length }, 'the last decisions were not written to the log');
      });
    },
  };
}

function logRecord(record: DecisionRecord): Parameters<Log['publish']>[1][number] {
  return {
    key: record.accountId === '' ? KEY_OF_VISITORS : record.accountId,
    type: 'access.decided',
    value: Buffer.from(JSON.stringify(record)),
  };
}
