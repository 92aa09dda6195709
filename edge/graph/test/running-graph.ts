import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { standInForAccess, type OperatorRights } from '@bioscope/access/testing';
import { serveGraph } from '@bioscope/graph';
import { openKv } from '@bioscope/kv/sqlite';
import { testPassports } from '@bioscope/passport/testing';
import type { Passport } from '@bioscope/passport';
import { registry } from '@bioscope/registry';
import { RegistryService } from '@bioscope/registry/contract';
import {
  createPicture,
  createRpcHost,
  type HttpAnswer,
  type HttpCallOptions,
  type HttpHandler,
  type Rpc,
  type RunningRpcHost,
} from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { graph } from '../src/service.ts';
import { asStub, LITTLE_SERVICES, littleResolvers, SDL, type LittleService } from './little-services.ts';

export const OPERATOR: Partial<Passport> = { accountId: 'op', isOperator: true };
const SECRET = randomBytes(32).toString('hex');
const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });

export type Reply = { readonly status: number; readonly body: { readonly data?: unknown; readonly errors?: readonly ReplyFault[] } };
export type ReplyFault = {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: { readonly code: string; readonly service?: string };
};

export type Asked = {
  readonly service: LittleService;
  readonly query: string;
  readonly variables: { readonly representations?: readonly object[] } & Readonly<Record<string, unknown>>;
};

export type RunningGraph = AsyncDisposable & {
  ask(question: object, passport?: Partial<Passport>): Promise<Reply>;
  /** Plain requests by the gateway, as an anonymous visitor. */
  fetch(path: string, how?: HttpCallOptions): Promise<HttpAnswer>;
  /** What access says to operators. */
  readonly rights: OperatorRights;
  /** Which requests each service got, in order. */
  readonly asked: Asked[];
  /** From now on the handler answers for the service; without one the service does again. */
  answerFor(service: LittleService, handler?: HttpHandler): void;
  registryAs(unit: string): ReturnType<typeof registryClient>;
  stopRegistry(): Promise<void>;
  /** Stops the graph gateway and starts another one on the same state. */
  restartGraph(): Promise<void>;
  stopService(service: LittleService): Promise<void>;
};

function registryClient(host: RunningRpcHost, unit: string) {
  return host.as(unit).client(RegistryService);
}

/** Registry, graph gateway and three little services, each on a host of its own, over real RPC. */
export async function startGraph({ environment = {} }: { readonly environment?: Record<string, string> } = {}): Promise<RunningGraph> {
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-graph-'));
  started.defer(() => rm(folder, { recursive: true, force: true }));
  const kv = started.adopt(await openKv({ folder }), (store) => store.close());
  const picture = createPicture();
  const passports = testPassports();
  const asked: Asked[] = [];
  const instead = new Map<LittleService, HttpHandler>();
  const addresses = new Map<string, string>();
  const hosts = new Map<string, RunningRpcHost>();

  function redraw(): void {
    picture.replace(
      [...addresses].map(([service, address]) => ({ service, address, instanceId: address, zone: 'a', region: 'local', load: 0 })),
    );
  }

  async function startHost(unit: string): Promise<RunningRpcHost> {
    const host = await createRpcHost({
      ...telemetry,
      secret: SECRET,
      units: [unit],
      zone: 'a',
      region: 'local',
      listen: { host: '127.0.0.1', port: 0 },
      discovery: picture,
    });
    addresses.set(unit, host.address);
    hosts.set(unit, host);
    redraw();
    return host;
  }
  started.defer(async () => {
    for (const host of hosts.values()) await host.close();
  });
  const context = (name: string, environment: Record<string, string>) => ({
    name,
    ...telemetry,
    environment,
    crash: (cause: unknown) => {
      throw cause;
    },
  });

  const registryUnit = await registry.start({ kv, rpc: await startHost('registry') }, context('registry', {}));
  let stopRegistry = async (): Promise<void> => {
    stopRegistry = async () => undefined;
    await hosts.get('registry')?.close();
    await registryUnit.stop?.();
  };
  started.defer(() => stopRegistry());

  const rights = standInForAccess(await startHost('access'), { passports: passports.passports, callers: ['graph'] });

  const counter = { value: 0 };
  const resolvers = littleResolvers(asStub, counter);
  const publishing: { close(): Promise<void> }[] = [];
  for (const service of LITTLE_SERVICES) {
    const rpc = (await startHost(service)).as(service);
    const closing = serveGraph(watched(rpc, service, asked, instead), {
      unit: service,
      sdl: SDL[service],
      resolvers: resolvers[service],
      askerOf: passports.passports.readerFor(service),
      loaders: () => ({}),
      registry: rpc.client(RegistryService),
      log: telemetry.log,
      version: 'test',
    });
    publishing.push(closing);
  }
  started.defer(async () => {
    for (const closing of publishing) await closing.close();
  });

  const gateway = (await startHost('gateway')).as('gateway');
  const graphHost = await startHost('graph');
  let running = await graph.start({ kv, rpc: graphHost, passports: passports.passports }, context('graph', environment));
  started.defer(() => running.stop?.() ?? Promise.resolve());

  async function ask(question: object, passport: Partial<Passport> = OPERATOR): Promise<Reply> {
    const answer = await gateway.fetch('graph', '/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...passports.headersFor(passport) },
      body: Buffer.from(JSON.stringify(question)),
    });
    return { status: answer.status, body: JSON.parse(await text(answer.body)) as Reply['body'] };
  }

  await until('the graph is complete', async () => {
    const { body } = await ask({ query: '{ __schema { types { name } } }' });
    const names = JSON.stringify(body.data ?? '');
    return ['"Role"', '"Hit"', '"Review"'].every((name) => names.includes(name));
  });
  const all = started.move();
  return {
    ask,
    fetch: (path, how) => gateway.fetch('graph', path, { ...how, headers: { ...passports.headersFor({}), ...how?.headers } }),
    rights,
    asked,
    answerFor(service, handler) {
      if (handler === undefined) instead.delete(service);
      else instead.set(service, handler);
    },
    registryAs: (unit) => registryClient(hosts.get(unit) ?? graphHost, unit),
    stopRegistry: () => stopRegistry(),
    async restartGraph() {
      await running.stop?.();
      await hosts.get('graph')?.close();
      running = await graph.start({ kv, rpc: await startHost('graph'), passports: passports.passports }, context('graph', environment));
    },
    async stopService(service) {
      await hosts.get(service)?.close();
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Notes what a service is asked, and lets a test answer in its place. */
function watched(rpc: Rpc, service: LittleService, asked: Asked[], instead: Map<LittleService, HttpHandler>): Pick<Rpc, 'mount'> {
  return {
    mount(prefix, handler, allowed) {
      rpc.mount(
        prefix,
        (request, response, context) => {
          const chunks: Buffer[] = [];
          request.on('data', (chunk: Buffer) => chunks.push(chunk));
          request.once('end', () =>
            asked.push({ service, ...(JSON.parse(Buffer.concat(chunks).toString()) as Pick<Asked, 'query' | 'variables'>) }),
          );
          return (instead.get(service) ?? handler)(request, response, context);
        },
        allowed,
      );
    },
  };
}

/** Waits until the condition holds; rejects after 10 s. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 10 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
