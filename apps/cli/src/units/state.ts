import { join } from 'node:path';
import type { BlobStore } from '@bioscope/blob';
import { openFileBlobs } from '@bioscope/blob/files';
import { port, unit } from '@bioscope/host';
import { openJobs } from '@bioscope/jobs';
import type { Jobs } from '@bioscope/jobs';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import type { LogEngine } from '@bioscope/log/groups';
import { openLog } from '@bioscope/log/sqlite';
import type { SqliteLog } from '@bioscope/log/sqlite';
import type { EngineSettings } from './engine-settings.ts';
import { openCassandra, openKafka, openS3 } from './open-engines.ts';
import { quietly } from './quiet-trouble.ts';

const GIVES = {
  kv: port<KvStore>('kv'),
  log: port<Log>('log'),
  blob: port<BlobStore>('blob'),
  jobs: port<Jobs>('jobs'),
  /** For the storage service, which serves an embedded log to other processes; null with Kafka, which needs no such service. */
  logEngine: port<LogEngine | null>('log-engine'),
};

export type StateSettings = {
  /** Of the embedded engines, and for temporary files. */
  readonly folder: string;
  readonly secret: string;
  readonly engines: EngineSettings;
};

/** The state ports: each on its distributed engine when that is configured, else on the embedded one in a folder of the state folder. */
export function stateUnit({ folder, secret, engines }: StateSettings) {
  return unit({
    name: 'state',
    needs: {},
    gives: GIVES,
    async start(_needs, { log: logger }) {
      const trouble = quietly((engine, because) => logger.warn({ engine, because }, 'rode out a failure of an engine'));
      await using opened = new AsyncDisposableStack();
      const { cassandra, kafka, s3 } = engines;
      const kv = opened.adopt(
        await (cassandra === undefined ? openKv({ folder: join(folder, 'kv') }) : openCassandra(cassandra, trouble)),
        (each) => each.close(),
      );
      const log = opened.adopt(await (kafka === undefined ? openLog({ folder: join(folder, 'log') }) : openKafka(kafka, trouble)), (each) =>
        each.close(),
      );
      const blob =
        s3 === undefined
          ? await openFileBlobs({ folder: join(folder, 'blob'), secret })
          : opened.use(await openS3(s3, join(folder, 'blob-copies')));
      const jobs = opened.adopt(await openJobs({ kv }), (each) => each.close());
      // All are open: from here on `stop` closes them, in reverse order. Jobs write to kv until they are closed.
      const open = opened.move();
      const logEngine = 'engine' in log ? (log as SqliteLog).engine : null;
      return { gives: { kv, log, blob, jobs, logEngine }, stop: () => open.disposeAsync() };
    },
  });
}
