import { join } from 'node:path';
import type { BlobStore } from '@bioscope/blob';
import { openFileBlobs } from '@bioscope/blob/files';
import { discovery } from '@bioscope/discovery';
import { port, startHost, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import type { LogEngine } from '@bioscope/log/groups';
import { openLog } from '@bioscope/log/sqlite';
import { registry } from '@bioscope/registry';
import { storage } from '@bioscope/storage';
import { createTelemetry } from '@bioscope/telemetry';
import { fillCatalogue, watchAndChoose } from '../home/fill.ts';
import { STOOD_IN_FOR, standIns } from '../home/stand-ins.ts';
import { stand } from './standing.ts';
import type { Standing } from './standing.ts';

/** They only call, to fill the services. */
const CALLERS = ['studio', 'gateway'];

export type Behind = Pick<Standing, 'rpc' | 'sees' | 'answered'> & { readonly fill: () => Promise<void> };

/** What there is one of, whatever the number of instances: discovery, the storage on its embedded engines, the registry of schemas. */
export async function startBehind(folder: string): Promise<Behind> {
  const telemetry = createTelemetry({ process: 'behind', config: { level: 'warn' } });
  const { rpc, given, sees, answered } = await stand({
    units: ['discovery', 'storage', 'registry', ...STOOD_IN_FOR, ...CALLERS],
    telemetry,
  });
  standIns(rpc);
  const kv = await openKv({ folder: join(folder, 'kv') });
  const log = await openLog({ folder: join(folder, 'log') });
  const blob = await openFileBlobs({ folder: join(folder, 'blob'), secret: Buffer.alloc(32, 7) });
  const state = unit({
    name: 'state',
    needs: {},
    gives: { kv: port<KvStore>('kv'), log: port<Log>('log'), blob: port<BlobStore>('blob'), logEngine: port<LogEngine>('log-engine') },
    start: async () => ({ gives: { kv, log, blob, logEngine: log.engine } }),
  });
  await startHost({ name: 'behind', units: [given, state, discovery, storage, registry], environment: {}, telemetry });
  return {
    rpc,
    sees,
    answered,
    async fill() {
      await watchAndChoose(rpc, await fillCatalogue(rpc));
    },
  };
}
