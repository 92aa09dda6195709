import { join } from 'node:path';
import type { BlobStore } from '@bioscope/blob';
import { openFileBlobs } from '@bioscope/blob/files';
import { port, unit } from '@bioscope/host';
import { openJobs } from '@bioscope/jobs';
import type { Jobs } from '@bioscope/jobs';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';

const GIVES = { kv: port<KvStore>('kv'), log: port<Log>('log'), blob: port<BlobStore>('blob'), jobs: port<Jobs>('jobs') };

/** The state ports on the embedded engines, in folders of one state folder. */
export function stateUnit(settings: { folder: string; secret: string }) {
  return unit({
    name: 'state',
    needs: {},
    gives: GIVES,
    async start() {
      await using opened = new AsyncDisposableStack();
      const kv = opened.adopt(await openKv({ folder: join(settings.folder, 'kv') }), (each) => each.close());
      const log = opened.adopt(await openLog({ folder: join(settings.folder, 'log') }), (each) => each.close());
      const blob = await openFileBlobs({ folder: join(settings.folder, 'blob'), secret: settings.secret });
      const jobs = opened.adopt(await openJobs({ kv }), (each) => each.close());
      // All are open: from here on `stop` closes them, in reverse order. Jobs write to kv until they are closed.
      const engines = opened.move();
      return { gives: { kv, log, blob, jobs }, stop: () => engines.disposeAsync() };
    },
  });
}
