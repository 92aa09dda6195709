import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { standInForAccess, type OperatorRights } from '@bioscope/access/testing';
import type { KvStore } from '@bioscope/kv';
import { askGraph, type GraphAnswer } from '@bioscope/graph/testing';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import { MailService, type SendRequest } from '@bioscope/mail/contract';
import { MembershipService } from '@bioscope/membership/contract';
import type { Passport } from '@bioscope/passport';
import { testPassports, type TestPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost, RpcError, type Client, type RequestContext, type Rpc, type Handlers } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { IdentityService } from '../contract/index.ts';
import { identity } from '../src/service.ts';

export const HOST = 'app.localhost:8080';

export type RunningIdentity = AsyncDisposable & {
  as(caller: string): Client<typeof IdentityService>;
  /** A browser that keeps its cookies. */
  browser(address?: string): Browser;
  within(passport: Partial<Passport>): RequestContext;
  /** What access says to operators. */
  readonly rights: OperatorRights;
  /** What this part of the graph answers. */
  ask(passport: Partial<Passport>, query: string, variables?: object): Promise<GraphAnswer>;
  readonly tokens: TestPassports['accessTokens'];
  /** What was mailed, the newest last. */
  readonly mails: readonly SendRequest[];
  /** Set to take mail down. */
  readonly mail: { isDown: boolean };
  readonly kv: KvStore;
  readonly log: Log;
  readonly fetch: Rpc['fetch'];
};

export type Answer = {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: Record<string, unknown>;
};
export type Browser = {
  post(endpoint: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  readonly cookies: Map<string, string>;
};

export async function stateFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bioscope-identity-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Identity on real stores and real RPC beside a stand-in of mail. Starting it again on the folder goes on. */
export async function startIdentity(
  folder: string,
  options: { wrap?: (kv: KvStore) => KvStore; environment?: Record<string, string> } = {},
): Promise<RunningIdentity> {
  await using started = new AsyncDisposableStack();
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const kv = started.adopt(await openKv({ folder: join(folder, 'kv') }), (store) => store.close());
  const log = started.adopt(await openLog({ folder: join(folder, 'log') }), (topics) => topics.close());
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: randomBytes(32).toString('hex'),
    units: ['identity', 'mail', 'membership', 'graph', 'gateway', 'cli', 'access', 'catalog'],
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  started.adopt(host, (running) => running.close());
  const unused = (): never => {
    throw new RpcError('unimplemented', 'not in these tests');
  };
  const mails: SendRequest[] = [];
  const mail = { isDown: false };
  host.as('mail').serve(
    MailService,
    {
      send(request) {
        if (mail.isDown) throw new RpcError('unavailable', 'mail is down');
        mails.push(request);
        return { messageId: String(mails.length) };
      },
      listOutbox: () => ({ messages: [], cursor: '' }),
    },
    { '*': ['identity'] },
  );
  host.as('membership').serve(
    MembershipService,
    {
      ...(Object.fromEntries(MembershipService.methods.map(({ localName }) => [localName, unused])) as unknown as Handlers<
        typeof MembershipService
      >),
      getEntitlement: () => ({ entitled: true, planTier: 'standard' }),
    },
    { '*': ['identity'] },
  );
  for (const service of ['identity', 'mail', 'membership', 'access']) picture.pin({ service, address: host.address });
  const { passports, accessTokens, within, headersFor } = testPassports();
  const rights = standInForAccess(host, { passports, callers: ['identity'] });
  const crash = (cause: unknown): never => {
    throw cause;
  };
  const unit = await identity.start(
    { kv: options.wrap?.(kv) ?? kv, log, rpc: host, passports, accessTokens },
    { name: 'identity', ...telemetry, environment: options.environment ?? {}, crash },
  );
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  const all = started.move();
  const gateway = host.as('gateway');
  return {
    as: (caller) => host.as(caller).client(IdentityService),
    browser: (address = '192.0.2.1') => browserOn(gateway, address),
    // A passport is for one request; the token's has none yet.
    within: (passport) => within({ ...passport, requestId: randomUUID() }),
    rights,
    ask: (passport, query, variables) =>
      askGraph(
        { rpc: host.as('graph'), unit: 'identity', headers: headersFor({ ...passport, requestId: randomUUID() }) },
        query,
        variables,
      ),
    tokens: accessTokens,
    mails,
    mail,
    kv,
    log,
    fetch: (unitName, path, call) => gateway.fetch(unitName, path, call),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function browserOn(gateway: Rpc, address: string): Browser {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async post(endpoint, body = {}, headers = {}) {
      const answer = await gateway.fetch('identity', `/session/${endpoint}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          origin: `http://${HOST}`,
          'x-bioscope-app': 'web',
          'x-forwarded-host': HOST,
          'x-forwarded-proto': 'http',
          'x-forwarded-for': address,
          cookie: Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; '),
          ...headers,
        },
        body: Buffer.from(JSON.stringify(body)),
      });
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      const parsed: unknown = JSON.parse(await text(answer.body));
      return { status: answer.status, headers: answer.headers, body: typeof parsed === 'object' && parsed !== null ? { ...parsed } : {} };
    },
  };
}

/** Waits until the condition holds; rejects after 10 s. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 10 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
