import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import { createPicture, createRpcHost, type Client } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { RegistryService } from '../contract/index.ts';
import { registry } from '../src/service.ts';

const UNITS = ['registry', 'graph', 'catalog', 'home', 'plans', 'playback'];

/** As the host gives. */
const DRAIN_MS = 10_000;

export type RunningRegistry = AsyncDisposable & {
  as(caller: string): Client<typeof RegistryService>;
  /** The unit, without the process around it. */
  drain(): Promise<void>;
};

export async function stateFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bioscope-registry-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The store, for one registry or several beside each other. */
export function openState(folder: string): Promise<KvStore> {
  return openKv({ folder });
}

export async function startRegistry(kv: KvStore): Promise<RunningRegistry> {
  await using started = new AsyncDisposableStack();
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: randomBytes(32).toString('hex'),
    units: UNITS,
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  started.adopt(host, (running) => running.close());
  const unit = await registry.start(
    { kv, rpc: host },
    {
      name: 'registry',
      ...telemetry,
      environment: {},
      crash: (cause) => {
        throw cause;
      },
    },
  );
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  picture.pin({ service: 'registry', address: host.address });
  const all = started.move();
  return {
    as: (caller) => host.as(caller).client(RegistryService),
    drain: () => unit.drain?.(AbortSignal.timeout(DRAIN_MS)) ?? Promise.resolve(),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
