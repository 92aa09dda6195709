import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DescService } from '@bufbuild/protobuf';
import { AccessService } from '@bioscope/access/contract';
import { askedWithin, operatorRights, type OperatorRights } from '@bioscope/access/testing';
import { openFileBlobs } from '@bioscope/blob/files';
import type { BlobStore } from '@bioscope/blob';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost, RpcError, type Client, type Rpc, type RpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { CatalogService, EditorialService, PeopleService } from '../contract/index.ts';
import { catalog } from '../src/service.ts';

export const PASSPORTS = testPassports();
export const OPERATOR = { accountId: 'op', isOperator: true };
const SECRET = randomBytes(32).toString('hex');

export type RunningCatalog = AsyncDisposable & {
  /** The catalogue as another unit sees it. Gateway and graph ask for an operator, unless a call says otherwise. */
  as(caller: string): Client<typeof CatalogService>;
  editorialAs(caller: string): Client<typeof EditorialService>;
  peopleAs(caller: string): Client<typeof PeopleService>;
  fetchAs(caller: string): Rpc['fetch'];
  /** What access says to operators. */
  readonly rights: OperatorRights;
  readonly kv: KvStore;
  readonly log: Log;
  readonly blob: BlobStore;
};

/** A folder for the state of one or more runs. */
export async function stateFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bioscope-catalog-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** The catalogue on real stores and real RPC; disposing it stops everything, starting it again on the folder goes on. */
export async function startCatalog(
  folder: string,
  wrap: (kv: KvStore) => KvStore = (kv) => kv,
  { environment = {}, hidden = new Set() }: { environment?: Record<string, string>; hidden?: ReadonlySet<string> } = {},
): Promise<RunningCatalog> {
  await using started = new AsyncDisposableStack();
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const kv = started.adopt(await openKv({ folder: join(folder, 'kv') }), (store) => store.close());
  const log = started.adopt(await openLog({ folder: join(folder, 'log') }), (topics) => topics.close());
  const blob = await openFileBlobs({ folder: join(folder, 'blob'), secret: randomBytes(32) });
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: SECRET,
    units: ['catalog', 'access', 'studio', 'gateway', 'graph', 'home', 'playback', 'appliance'],
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  started.adopt(host, (running) => running.close());
  const unit = await catalog.start(
    { kv: wrap(kv), log, blob, rpc: host, passports: PASSPORTS.passports },
    {
      name: 'catalog',
      ...telemetry,
      environment: { BIOSCOPE_MEMBERS: 'none', ...environment },
      crash: (cause) => {
        throw cause;
      },
    },
  );
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  for (const service of ['catalog', 'access']) picture.pin({ service, address: host.address });
  const rights = operatorRights(PASSPORTS.passports);
  standInForAccess(host, rights, hidden);
  const all = started.move();
  return {
    as: (caller) => askedFor(CatalogService, host.as(caller).client(CatalogService), caller),
    editorialAs: (caller) => askedFor(EditorialService, host.as(caller).client(EditorialService), caller),
    peopleAs: (caller) => askedFor(PeopleService, host.as(caller).client(PeopleService), caller),
    fetchAs: (caller) => (unit, path, options) => host.as(caller).fetch(unit, path, options),
    rights,
    kv,
    log,
    blob,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function askedFor<S extends DescService>(service: S, client: Client<S>, caller: string): Client<S> {
  return caller === 'gateway' || caller === 'graph' ? askedWithin(service, client, () => PASSPORTS.within(OPERATOR)) : client;
}

/** Lets everybody see everything but these. */
function standInForAccess(host: RpcHost, rights: OperatorRights, hidden: ReadonlySet<string>): void {
  const notCalled = (): never => {
    throw new Error('not called in these tests');
  };
  host.as('access').serve(
    AccessService,
    {
      decide: (request, call) => rights.decide(request, call),
      decideBatch({ titles }) {
        if (rights.answer === 'down') throw new RpcError('unavailable', 'access is down');
        return { verdicts: titles.map(({ titleId }) => ({ titleId, because: hidden.has(titleId) ? 'above_maturity' : '' })) };
      },
      explain: notCalled,
      listPolicies: notCalled,
    },
    { '*': ['catalog'] },
  );
}

/** Waits until the condition holds; rejects after 5 s. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 5 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
