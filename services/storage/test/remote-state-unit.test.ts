import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { BlobStore } from '@bioscope/blob';
import { port, startHost, unit } from '@bioscope/host';
import type { Jobs } from '@bioscope/jobs';
import { bytes, newToken } from '@bioscope/kv';
import type { KvStore } from '@bioscope/kv';
import type { Log } from '@bioscope/log';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { RpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { remoteStateUnit } from '../src/client/index.ts';
import { eventually } from './running-storage.ts';
import { openStorage } from './storage-process.ts';

describe('a process without state of its own', () => {
  it('gives its units the four ports by the names of the embedded ones, and stops in order', { timeout: 60_000 }, async (test) => {
    const folder = await mkdtemp(join(tmpdir(), 'bioscope-storage-'));
    const secret = randomBytes(32).toString('hex');
    const storage = await openStorage({ folder, secret, port: 0 });
    const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
    const discovery = createPicture([{ service: 'storage', address: storage.address }]);
    const listen = { host: '127.0.0.1', port: 0 };
    const rpc = await createRpcHost({ secret, units: ['state'], zone: 'a', region: 'local', listen, discovery, ...telemetry });
    test.after(async () => {
      await rpc.close();
      await storage.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const seen: string[] = [];
    const rpcUnit = unit({ name: 'rpc', needs: {}, gives: { rpc: port<RpcHost>('rpc') }, start: async () => ({ gives: { rpc } }) });
    const user = unit({
      name: 'user',
      needs: { kv: port<KvStore>('kv'), log: port<Log>('log'), blob: port<BlobStore>('blob'), jobs: port<Jobs>('jobs') },
      gives: {},
      async start({ kv, log, blob, jobs }) {
        await kv.items.put({ namespace: 'n', record: 'r', items: [{ key: bytes('k'), value: bytes('v') }], token: newToken() });
        await log.publish('t', [{ key: 'k', type: 'said', value: bytes('v') }]);
        log.subscribe({ topic: 't', group: 'g' }, async (records) => void seen.push(...records.map(({ type }) => type)));
        await blob.put('b', bytes('v'));
        jobs.work({ queue: 'q', parallelMax: 1 }, async ({ id }) => void seen.push(id));
        await jobs.enqueue({ queue: 'q', id: 'j', payload: null });
        return { gives: {} };
      },
    });
    const host = await startHost({
      name: 'test',
      units: [user, remoteStateUnit({ folder: join(folder, 'copies') }), rpcUnit],
      environment: {},
      telemetry,
    });
    await eventually('job and record arrive', () => seen.length === 2);
    assert.deepEqual(seen.toSorted(), ['j', 'said']);
    await host.stop();
  });
});
