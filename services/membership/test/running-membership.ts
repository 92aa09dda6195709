import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { MessageInitShape } from '@bufbuild/protobuf';
import { AccessService, Action, type DecideResponseSchema } from '@bioscope/access/contract';
import { operatorRights, type OperatorRights } from '@bioscope/access/testing';
import { askGraph, type GraphAnswer } from '@bioscope/graph/testing';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import type { Passport } from '@bioscope/passport';
import { testPassports } from '@bioscope/passport/testing';
import { PlansService } from '@bioscope/plans/contract';
import { createPicture, createRpcHost, RpcError, type CallOptions, type Client } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { MembershipService } from '../contract/index.ts';
import { membership } from '../src/service.ts';
import { terms } from './made-members.ts';

type Decided = MessageInitShape<typeof DecideResponseSchema>;
const LOCKED: Decided = { outcome: { case: 'refused', value: { because: 'account_pin_needed', lifts: ['enter_account_pin'] } } };
const GRANTED: Decided = { outcome: { case: 'granted', value: {} } };

export type RunningMembership = AsyncDisposable & {
  /** What this part of the graph answers. */
  ask(passport: Partial<Passport>, query: string, variables?: object): Promise<GraphAnswer>;
  as(caller: string): Client<typeof MembershipService>;
  asks(passport: Partial<Passport>): CallOptions;
  /** Whether plans answers. */
  readonly plans: { isDown: boolean };
  /** What access says to operators. */
  readonly rights: OperatorRights;
  /** Whether access wants the account's PIN first. */
  readonly account: { isLocked: boolean };
  readonly log: Log;
};

/** A folder for the state of one or more runs. */
export async function stateFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bioscope-membership-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Membership on real stores and real RPC, beside plans that offer basic, standard and premium in Germany; starting it again on the folder goes on. */
export async function startMembership(folder: string, environment: Record<string, string> = {}): Promise<RunningMembership> {
  await using started = new AsyncDisposableStack();
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const kv = started.adopt(await openKv({ folder: join(folder, 'kv') }), (store) => store.close());
  const log = started.adopt(await openLog({ folder: join(folder, 'log') }), (topics) => topics.close());
  const picture = createPicture();
  const host = started.adopt(
    await createRpcHost({
      ...telemetry,
      secret: randomBytes(32).toString('hex'),
      units: ['membership', 'plans', 'graph', 'gateway', 'billing', 'access'],
      zone: 'a',
      region: 'local',
      listen: { host: '127.0.0.1', port: 0 },
      discovery: picture,
    }),
    (running) => running.close(),
  );
  const { passports, within, headersFor } = testPassports();
  const plans = { isDown: false };
  const account = { isLocked: false };
  const rights = operatorRights(passports);
  const unused = (): never => {
    throw new RpcError('unimplemented', 'not in this test');
  };
  host.as('plans').serve(
    PlansService,
    {
      listOffers({ country }) {
        if (plans.isDown) throw new RpcError('unavailable', 'plans are down');
        const offered = country === 'DE' ? (['basic', 'standard', 'premium'] as const) : [];
        return {
          offers: offered.map((planId) => {
            const { planId: id, ...rest } = terms(planId);
            return { plan: { id, ...rest }, price: { id: `${planId}.DE.2026-01`, planId } };
          }),
        };
      },
      getPrice: unused,
      listPlans: unused,
      listCountries: unused,
      setPrice: unused,
      listPriceHistory: unused,
    },
    { '*': ['membership'] },
  );
  host.as('access').serve(
    AccessService,
    {
      decide(request, call) {
        if (request.action === Action.OPERATE) return rights.decide(request, call);
        return account.isLocked ? LOCKED : GRANTED;
      },
      decideBatch: unused,
      explain: unused,
      listPolicies: unused,
    },
    { '*': ['membership'] },
  );
  const crash = (cause: unknown): never => {
    throw cause;
  };
  const unit = await membership.start({ kv, log, rpc: host, passports }, { name: 'membership', ...telemetry, environment, crash });
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  for (const service of ['membership', 'plans', 'access']) picture.pin({ service, address: host.address });
  const all = started.move();
  return {
    ask: (passport, query, variables) =>
      askGraph({ rpc: host.as('graph'), unit: 'membership', headers: headersFor(passport) }, query, variables),
    as: (caller) => host.as(caller).client(MembershipService),
    asks: (passport) => ({ within: within(passport) }),
    plans,
    account,
    rights,
    log,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
