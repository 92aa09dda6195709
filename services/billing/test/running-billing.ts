import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import type { MessageInitShape } from '@bufbuild/protobuf';
import { AccessService, Action, type DecideResponseSchema } from '@bioscope/access/contract';
import { operatorRights, type OperatorRights } from '@bioscope/access/testing';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import { membership } from '@bioscope/membership';
import { MembershipService } from '@bioscope/membership/contract';
import type { Passport } from '@bioscope/passport';
import { testPassports } from '@bioscope/passport/testing';
import { plans } from '@bioscope/plans';
import { createPicture, createRpcHost, RpcError, type CallOptions, type Client, type Handlers } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { BillingService } from '../contract/index.ts';
import type { Milestone } from '../src/parts.ts';
import { sandboxStore, type SandboxCharge } from '../src/sandbox/sandbox-store.ts';
import { billingUnit } from '../src/service.ts';

type Decided = MessageInitShape<typeof DecideResponseSchema>;
const LOCKED: Decided = { outcome: { case: 'refused', value: { because: 'account_pin_needed', lifts: ['enter_account_pin'] } } };
const GRANTED: Decided = { outcome: { case: 'granted', value: {} } };

export type RunningBilling = AsyncDisposable & {
  readonly billing: Client<typeof BillingService>;
  readonly members: Client<typeof MembershipService>;
  /** As billing and access are answered. */
  readonly entitlements: Client<typeof MembershipService>;
  asks(passport: Partial<Passport>): CallOptions;
  /** Billing's part of the graph, as the graph gateway asks it. */
  graph(passport: Partial<Passport>, query: string): Promise<unknown>;
  /** What access says to operators. */
  readonly rights: OperatorRights;
  /** Whether access wants the account's PIN first. */
  readonly account: { isLocked: boolean };
  /** What the sandbox's form answers: a token, or a problem. */
  card(number: string, expiresYear?: number): Promise<{ token?: string; problem?: string }>;
  answerChallenge(path: string, answer: string): Promise<unknown>;
  /** What the processor says that it did for an account. */
  statement(accountId: string): Promise<ReadonlyMap<string, SandboxCharge>>;
  readonly kv: KvStore;
  readonly log: Log;
};
export type BillingOptions = {
  readonly environment?: Record<string, string>;
  readonly reached?: (milestone: Milestone) => void;
  /** Stands between the units and the store. */
  readonly wrap?: (kv: KvStore) => KvStore;
};

/** A folder for the state of one or more runs. */
export async function stateFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bioscope-billing-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Plans, membership and billing on real stores and real RPC; starting them again on the folder goes on. The processor is waited for shortly. */
export async function startBilling(folder: string, options: BillingOptions = {}): Promise<RunningBilling> {
  await using started = new AsyncDisposableStack();
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const kv = started.adopt(await openKv({ folder: join(folder, 'kv') }), (store) => store.close());
  const log = started.adopt(await openLog({ folder: join(folder, 'log') }), (topics) => topics.close());
  const picture = createPicture();
  const host = started.adopt(
    await createRpcHost({
      ...telemetry,
      secret: randomBytes(32).toString('hex'),
      units: ['plans', 'membership', 'billing', 'gateway', 'graph', 'access'],
      zone: 'a',
      region: 'local',
      listen: { host: '127.0.0.1', port: 0 },
      discovery: picture,
    }),
    (running) => running.close(),
  );
  const { passports, within, headersFor } = testPassports();
  const account = { isLocked: false };
  const rights = operatorRights(passports);
  host.as('access').serve(AccessService, standInForAccess(account, rights), { '*': ['membership', 'billing'] });
  for (const service of ['plans', 'membership', 'billing', 'access']) picture.pin({ service, address: host.address });
  const environment = { BIOSCOPE_TEST_CLOCKS: '1', BIOSCOPE_PROCESSOR_MS: '600', ...options.environment };
  const needs = { kv: options.wrap?.(kv) ?? kv, log, rpc: host, passports };
  const crash = (cause: unknown): never => {
    throw cause;
  };
  for (const unit of [plans, membership, billingUnit({ reached: options.reached ?? (() => undefined) })]) {
    const running = await unit.start(needs, { name: unit.name, ...telemetry, environment, crash });
    started.defer(() => running.stop?.() ?? Promise.resolve());
  }
  const gateway = host.as('gateway');
  const post = async (path: string, body: unknown): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await gateway.fetch('billing', path, { method: 'POST', headers, body: Buffer.from(JSON.stringify(body)) });
    return json(answer.body);
  };
  const graph = async (passport: Partial<Passport>, query: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', ...headersFor({ country: 'DE', countryFrom: 'address', ...passport }) };
    const body = Buffer.from(JSON.stringify({ query }));
    return json((await host.as('graph').fetch('billing', '/graphql', { method: 'POST', headers, body })).body);
  };
  const all = started.move();
  return {
    billing: gateway.client(BillingService),
    members: gateway.client(MembershipService),
    entitlements: host.as('access').client(MembershipService),
    asks: (passport) => ({ within: within({ country: 'DE', countryFrom: 'address', ...passport }), deadlineMs: 15_000 }),
    graph,
    account,
    rights,
    card: async (number, expiresYear = 2040) =>
      (await post('/sandbox/tokens', { number, expiresMonth: 12, expiresYear })) as { token?: string; problem?: string },
    answerChallenge: (path, answer) => post(path, { answer }),
    statement: (accountId) => sandboxStore(kv).statement(accountId),
    kv,
    log,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Waits until the condition holds; rejects after 30 s. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 30 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function standInForAccess(account: { readonly isLocked: boolean }, rights: OperatorRights): Handlers<typeof AccessService> {
  const unused = (): never => {
    throw new RpcError('unimplemented', 'not in these tests');
  };
  return {
    decide(request, call) {
      if (request.action === Action.OPERATE) return rights.decide(request, call);
      return account.isLocked ? LOCKED : GRANTED;
    },
    decideBatch: unused,
    explain: unused,
    listPolicies: unused,
  };
}
