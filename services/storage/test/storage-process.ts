import { join } from 'node:path';
import type { BlobStore } from '@bioscope/blob';
import { openFileBlobs } from '@bioscope/blob/files';
import { port, startHost, unit } from '@bioscope/host';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { LogEngine } from '@bioscope/log/groups';
import { openLog } from '@bioscope/log/sqlite';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { RpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { storage } from '../src/service.ts';

export type StorageProcess = { readonly address: string; stop(): Promise<void> };

/** The unit with embedded engines below it, in this process. */
export async function openStorage(settings: { folder: string; port: number; secret: string }): Promise<StorageProcess> {
  const { folder, secret } = settings;
  const telemetry = createTelemetry({ process: 'storage', processMetrics: false, sink: { write: () => undefined } });
  const kv = await openKv({ folder: join(folder, 'kv') });
  const log = await openLog({ folder: join(folder, 'log') });
  const blob = await openFileBlobs({ folder: join(folder, 'blob'), secret });
  const rpc = await createRpcHost({
    secret,
    units: ['storage'],
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: settings.port },
    discovery: createPicture(),
    ...telemetry,
  });
  const ports = unit({
    name: 'ports',
    needs: {},
    gives: {
      kv: port<KvStore>('kv'),
      logEngine: port<LogEngine>('log-engine'),
      blob: port<BlobStore>('blob'),
      rpc: port<RpcHost>('rpc'),
    },
    start: async () => ({ gives: { kv, logEngine: log.engine, blob, rpc } }),
  });
  const host = await startHost({ name: 'storage', units: [ports, storage], environment: {}, telemetry });
  return {
    address: rpc.address,
    async stop() {
      await host.stop();
      await rpc.close();
      await Promise.all([kv.close(), log.close()]);
    },
  };
}
