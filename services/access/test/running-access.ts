import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DescService } from '@bufbuild/protobuf';
import { CatalogService, TitleState } from '@bioscope/catalog/contract';
import { IdentityService } from '@bioscope/identity/contract';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import { MembershipService } from '@bioscope/membership/contract';
import type { Passport } from '@bioscope/passport';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost, RpcError, type CallOptions, type Client, type Handlers, type RunningRpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { AccessService, type DecisionRecord, DECISIONS_TOPIC } from '../contract/index.ts';
import type { SourceName } from '../src/signals/sources.ts';
import { access } from '../src/service.ts';

/** What surrounds access in a test: change it, take a part of it down, or make it hang. */
export type Surroundings = {
  readonly entitlement: {
    entitled: boolean;
    reason: string;
    heightMax: number;
    streamsMax: number;
    downloadsMax: number;
    devicesMax: number;
  };
  readonly account: {
    hasAccountPin: boolean;
    country: string;
    profiles: { id: string; maturityMax: number; isKids: boolean; hasPin: boolean }[];
  };
  /** Signed in, in this order. */
  readonly devices: string[];
  readonly titles: Map<
    string,
    { maturity: number; windows: { country: string; fromMs: number; untilMs: number }[]; rungHeights: number[] }
  >;
  readonly down: Set<SourceName>;
  readonly hanging: Set<SourceName>;
  /** How often each was asked. */
  readonly asked: Record<SourceName, number>;
};

export function surroundings(): Surroundings {
  return {
    entitlement: { entitled: true, reason: 'member', heightMax: 2160, streamsMax: 4, downloadsMax: 6, devicesMax: 5 },
    account: {
      hasAccountPin: false,
      country: 'DE',
      profiles: [
        { id: 'grown-up', maturityMax: 18, isKids: false, hasPin: false },
        { id: 'kid', maturityMax: 6, isKids: true, hasPin: false },
      ],
    },
    devices: ['television'],
    titles: new Map([
      ['film', { maturity: 12, windows: [{ country: '*', fromMs: 0, untilMs: 0 }], rungHeights: [360, 1080] }],
      ['cartoon', { maturity: 0, windows: [{ country: '*', fromMs: 0, untilMs: 0 }], rungHeights: [360] }],
    ]),
    down: new Set(),
    hanging: new Set(),
    asked: { membership: 0, identity: 0, catalog: 0 },
  };
}

export type RunningAccess = AsyncDisposable & {
  readonly client: Client<typeof AccessService>;
  as(caller: string): Client<typeof AccessService>;
  /** A call within a request of that member. */
  readonly by: (passport?: Partial<Passport>) => Pick<CallOptions, 'within'>;
  readonly log: Log;
  readonly lines: string[];
  metrics(): Promise<string>;
};

export const MEMBER: Partial<Passport> = {
  accountId: 'account-1',
  profileId: 'grown-up',
  deviceId: 'television',
  country: 'DE',
  countryFrom: 'payment',
  assurance: 'session',
};

/** Access on a real log and real RPC, among stand-ins of its sources. */
export async function startAccess(around: Surroundings, environment: Record<string, string> = {}): Promise<RunningAccess> {
  await using started = new AsyncDisposableStack();
  const lines: string[] = [];
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: (line) => void lines.push(line) } });
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-access-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const log = started.adopt(await openLog({ folder: join(folder, 'log') }), (topics) => topics.close());
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: randomBytes(32).toString('hex'),
    units: ['access', 'membership', 'identity', 'catalog', 'playback', 'gateway', 'steering'],
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  started.adopt(host, (running) => running.close());
  standIns(host, around);
  for (const service of ['access', 'membership', 'identity', 'catalog']) picture.pin({ service, address: host.address });
  const { passports, within } = testPassports();
  const context = { name: 'access', ...telemetry, environment: { BIOSCOPE_ACCESS_GRANTS_PER_RECORD: '1', ...environment }, crash: rethrow };
  const unit = await access.start({ log, rpc: host, passports }, context);
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  const all = started.move();
  return {
    client: host.as('playback').client(AccessService),
    as: (caller) => host.as(caller).client(AccessService),
    by: (passport = {}) => ({ within: within({ ...MEMBER, ...passport }) }),
    log,
    lines,
    metrics: () => telemetry.metrics.text(),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function standIns(host: RunningRpcHost, around: Surroundings): void {
  const answering = async <T>(source: SourceName, answer: () => T): Promise<T> => {
    around.asked[source] += 1;
    if (around.hanging.has(source)) await new Promise((resolve) => setTimeout(resolve, 3_000).unref());
    if (around.down.has(source)) throw new RpcError('unavailable', `${source} is down`);
    return answer();
  };
  serveOnly(host, 'membership', MembershipService, {
    getEntitlement: () => answering('membership', () => around.entitlement),
  });
  serveOnly(host, 'identity', IdentityService, {
    getAccount: ({ accountId }) =>
      answering('identity', () => {
        if (accountId !== MEMBER.accountId) throw new RpcError('not_found', 'no such account');
        return { account: { id: accountId, ...around.account } };
      }),
    listDevices: () => answering('identity', () => ({ devices: around.devices.map((id, place) => ({ id, rank: place + 1 })) })),
  });
  serveOnly(host, 'catalog', CatalogService, {
    getTitles: ({ titleIds }) =>
      answering('catalog', () => ({
        titles: titleIds.flatMap((id) => {
          const title = around.titles.get(id);
          return title === undefined ? [] : [{ id, state: TitleState.PLAYABLE, ...title }];
        }),
      })),
  });
}

/** Serves the methods that access asks; it has no business with the others. */
function serveOnly<S extends DescService>(host: RunningRpcHost, name: string, service: S, handlers: Partial<Handlers<S>>): void {
  const notCalled = (): never => {
    throw new RpcError('unimplemented', 'access has no business here');
  };
  const others = Object.fromEntries(service.methods.map(({ localName }) => [localName, notCalled]));
  host.as(name).serve(service, { ...others, ...handlers } as Handlers<S>, { '*': ['access'] });
}

function rethrow(cause: unknown): never {
  throw cause;
}

/** The decisions that were written down so far. */
export async function recordsOf(log: Log, wanted: number): Promise<readonly DecisionRecord[]> {
  const records: DecisionRecord[] = [];
  const subscription = log.subscribe({ topic: DECISIONS_TOPIC, group: 'test', from: 'earliest' }, async (batch) => {
    for (const { value } of batch) records.push(JSON.parse(Buffer.from(value).toString()) as DecisionRecord);
  });
  await until(`${wanted} records`, () => records.length >= wanted);
  await subscription.close();
  return records;
}

/** Waits until the condition holds; rejects after `msMax`. */
export async function until(what: string, condition: () => Promise<boolean> | boolean, msMax = 5_000): Promise<void> {
  const deadline = Date.now() + msMax;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${msMax} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
