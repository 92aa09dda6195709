import type { BlobStore } from '@bioscope/blob';
import { port, unit } from '@bioscope/host';
import { openJobs } from '@bioscope/jobs';
import type { Jobs } from '@bioscope/jobs';
import type { KvStore } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import type { RpcHost } from '@bioscope/rpc';
import { remoteBlobs } from './remote-blobs.ts';
import { remoteKv } from './remote-kv.ts';
import { remoteLog } from './remote-log.ts';

const NEEDS = { rpc: port<RpcHost>('rpc') };
const GIVES = { kv: port<KvStore>('kv'), log: port<Log>('log'), blob: port<BlobStore>('blob'), jobs: port<Jobs>('jobs') };

export type RemoteStateSettings = {
  /** For local copies of objects; best on the file system of the storage's folder. */
  readonly folder: string;
};

/** The state ports of a process that holds none of the state itself: all of it lies with the unit `storage`. It calls as the unit `state`. */
export function remoteStateUnit({ folder }: RemoteStateSettings) {
  return unit({
    name: 'state',
    needs: NEEDS,
    gives: GIVES,
    async start({ rpc: host }) {
      const rpc = host.as('state');
      await using opened = new AsyncDisposableStack();
      const kv = opened.adopt(remoteKv({ rpc }), (each) => each.close());
      const log = opened.adopt(remoteLog({ rpc }), (each) => each.close());
      const blob = await remoteBlobs({ rpc, folder });
      // Reads once: a storage that does not answer shows here.
      const jobs = opened.adopt(await openJobs({ kv }), (each) => each.close());
      // All are open: from here on `stop` closes them, in reverse order.
      const ports = opened.move();
      return { gives: { kv, log, blob, jobs }, stop: () => ports.disposeAsync() };
    },
  });
}
