import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { standInForAccess, type OperatorRights } from '@bioscope/access/testing';
import { askGraph, type GraphAnswer } from '@bioscope/graph/testing';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import type { Passport } from '@bioscope/passport';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost, type CallOptions, type Client } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { PlansService } from '../contract/index.ts';
import { plans } from '../src/service.ts';

export type RunningPlans = AsyncDisposable & {
  /** What this part of the graph answers. */
  ask(passport: Partial<Passport>, query: string, variables?: object): Promise<GraphAnswer>;
  readonly client: Client<typeof PlansService>;
  /** What access says to operators. */
  readonly rights: OperatorRights;
  readonly operator: CallOptions;
  readonly member: CallOptions;
  readonly log: Log;
};

/** The service on real stores and real RPC, in a folder of its own. */
export async function startPlans(environment: Record<string, string> = {}): Promise<RunningPlans> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-plans-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const kv = started.adopt(await openKv({ folder: join(folder, 'kv') }), (store) => store.close());
  const log = started.adopt(await openLog({ folder: join(folder, 'log') }), (topics) => topics.close());
  const picture = createPicture();
  const host = started.adopt(
    await createRpcHost({
      ...telemetry,
      secret: randomBytes(32).toString('hex'),
      units: ['plans', 'graph', 'gateway', 'access'],
      zone: 'a',
      region: 'local',
      listen: { host: '127.0.0.1', port: 0 },
      discovery: picture,
    }),
    (running) => running.close(),
  );
  const { passports, within, headersFor } = testPassports();
  const rights = standInForAccess(host, { passports, callers: ['plans'] });
  const crash = (cause: unknown): never => {
    throw cause;
  };
  const unit = await plans.start({ kv, log, rpc: host, passports }, { name: 'plans', ...telemetry, environment, crash });
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  for (const service of ['plans', 'access']) picture.pin({ service, address: host.address });
  const all = started.move();
  return {
    ask: (passport, query, variables) =>
      askGraph({ rpc: host.as('graph'), unit: 'plans', headers: headersFor(passport) }, query, variables),
    client: host.as('gateway').client(PlansService),
    rights,
    operator: { within: within({ accountId: 'op1', isOperator: true }) },
    member: { within: within({ accountId: 'm1' }) },
    log,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
