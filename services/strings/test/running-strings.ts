import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { standInForAccess, type OperatorRights } from '@bioscope/access/testing';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost, type CallOptions, type Client, type HttpAnswer } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { StringsService } from '../contract/index.ts';
import { strings } from '../src/service.ts';

export type RunningStrings = AsyncDisposable & {
  as(caller: string): Client<typeof StringsService>;
  /** What access says to operators. */
  readonly rights: OperatorRights;
  get(path: string, headers?: Record<string, string>, method?: string): Promise<HttpAnswer>;
};

export async function stateFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bioscope-strings-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export async function openStore(folder: string): Promise<{ readonly kv: KvStore } & AsyncDisposable> {
  const kv = await openKv({ folder });
  return { kv, [Symbol.asyncDispose]: () => kv.close() };
}

const { passports, within } = testPassports();

/** The options of a call by that member. */
export const operator: CallOptions = { within: within({ accountId: 'op1', isOperator: true }) };
export const member: CallOptions = { within: within({ accountId: 'm1' }) };

/** One instance on a store, on real RPC; several may share the store. */
export async function startStrings(kv: Pick<KvStore, 'streams'>): Promise<RunningStrings> {
  await using started = new AsyncDisposableStack();
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: randomBytes(32).toString('hex'),
    units: ['strings', 'gateway', 'web', 'access'],
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  started.adopt(host, (running) => running.close());
  const rights = standInForAccess(host, { passports, callers: ['strings'] });
  const crash = (cause: unknown): never => {
    throw cause;
  };
  const unit = await strings.start({ kv: kv as KvStore, rpc: host, passports }, { name: 'strings', ...telemetry, environment: {}, crash });
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  for (const service of ['strings', 'access']) picture.pin({ service, address: host.address });
  const all = started.move();
  return {
    as: (caller) => host.as(caller).client(StringsService),
    rights,
    get: (path, headers = {}, method = 'GET') => host.as('gateway').fetch('strings', path, { headers, method }),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
