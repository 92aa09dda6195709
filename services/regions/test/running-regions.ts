import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { standInForAccess } from '@bioscope/access/testing';
import type { OperatorRights } from '@bioscope/access/testing';
import { openKv } from '@bioscope/kv/sqlite';
import type { KvStore } from '@bioscope/kv';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { Client } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { OperatorService, RegionsService } from '../contract/index.ts';
import { regions } from '../src/service.ts';

const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
export const { log } = telemetry;

/** A store in a folder of its own. */
export async function openStore(): Promise<{ readonly kv: KvStore } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-regions-'));
  const kv = await openKv({ folder });
  return {
    kv,
    async [Symbol.asyncDispose]() {
      await kv.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const PASSPORTS = testPassports();

export type RunningRegions = AsyncDisposable & {
  as(caller: string): Client<typeof RegionsService>;
  readonly operators: Client<typeof OperatorService>;
  /** What access says of operators. */
  readonly rights: OperatorRights;
  /** Region a's or b's three gateways say how they are, once. */
  report(region: 'a' | 'b', change?: object): Promise<void>;
};

/** The service on a real store and real RPC. */
export async function startRegions(kv: KvStore, environment: Record<string, string> = {}): Promise<RunningRegions> {
  await using started = new AsyncDisposableStack();
  const picture = createPicture();
  const host = started.adopt(
    await createRpcHost({
      ...telemetry,
      secret: randomBytes(32).toString('hex'),
      units: ['regions', 'gateway', 'dns', 'cli', 'access'],
      zone: '1',
      region: 'a',
      listen: { host: '127.0.0.1', port: 0 },
      discovery: picture,
    }),
    (running) => running.close(),
  );
  const crash = (cause: unknown): never => {
    throw cause;
  };
  const { passports } = PASSPORTS;
  const rights = standInForAccess(host, { passports, callers: ['regions'] });
  const unit = await regions.start({ kv, rpc: host, passports }, { name: 'regions', ...telemetry, environment, crash });
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  for (const service of ['regions', 'access']) picture.pin({ service, address: host.address });
  const gateway = host.as('gateway').client(RegionsService);
  const all = started.move();
  return {
    as: (caller) => host.as(caller).client(RegionsService),
    operators: host.as('gateway').client(OperatorService),
    rights,
    async report(region, change = {}) {
      const counts = { overMs: 1_000, requests: 100, capacityPerSecond: 1_000, load: 0.1 };
      const number = region === 'a' ? 1 : 2;
      for (const zone of ['1', '2', '3'])
        await gateway.reportHealth({ region, zone, address: `127.${number}.${zone}.1:8080`, ...counts, ...change });
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
