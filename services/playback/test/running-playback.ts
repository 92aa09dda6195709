import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json, text } from 'node:stream/consumers';

import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { AccessService, Action, type DecideResponseSchema } from '@bioscope/access/contract';
import { operatorRights, type OperatorRights } from '@bioscope/access/testing';
import { CatalogService, TitleSchema, TitleState, TITLES_TOPIC, type Edition, type Title } from '@bioscope/catalog/contract';
import { ControlService } from '@bioscope/control/contract';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import type { Passport } from '@bioscope/passport';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost, RpcError, type Client, type RunningRpcHost } from '@bioscope/rpc';
import { SteeringService } from '@bioscope/steering/contract';
import { createTelemetry } from '@bioscope/telemetry';

import { OperatorService, PlaybackService } from '../contract/index.ts';
import { playback } from '../src/service.ts';
import { filmEdition } from './film.ts';

/** Whose keys playback has. */
export const PASSPORTS = testPassports();
const SECRET = randomBytes(32).toString('hex');
export const TOKEN_KEY = { id: 'k1', secret: randomBytes(32), active: true };

/** What surrounds playback in a test: change it, or take a part of it down. */
type Neighbour = 'catalog' | 'control' | 'steering' | 'access';

export type Surroundings = {
  title: Title | null;
  edition: Edition;
  pathways: { id: string; baseUrl: string; usable: boolean }[];
  /** Units that do not answer. */
  readonly down: Set<Neighbour>;
  /** What access says to operators. */
  readonly rights: OperatorRights;
  /** Done while access decides: what overtakes the call. */
  meanwhile: (() => Promise<unknown>) | null;
  /** What access answers, by account. */
  readonly decisions: Map<string, MessageInitShape<typeof DecideResponseSchema>>;
};

export function surroundings(): Surroundings {
  const edition = filmEdition();
  return {
    title: create(TitleSchema, {
      id: edition.titleId,
      name: 'My film',
      editionId: edition.id,
      durationMs: edition.durationMs,
      state: TitleState.PLAYABLE,
    }),
    edition,
    pathways: [
      { id: 'oca-1', baseUrl: 'http://127.0.0.2:8081', usable: true },
      { id: 'oca-2', baseUrl: 'http://127.0.0.3:8081', usable: true },
    ],
    down: new Set(),
    decisions: new Map(),
    rights: operatorRights(PASSPORTS.passports),
    meanwhile: null,
  };
}

export type RunningPlayback = AsyncDisposable & {
  readonly client: Client<typeof PlaybackService>;
  as(caller: string): Client<typeof PlaybackService>;
  operatorsAs(caller: string): Client<typeof OperatorService>;
  /** What playback's part of the graph answers. */
  ask(query: string, passport: Partial<Passport>, variables?: object): Promise<unknown>;
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; type: unknown; text: string }>;
  /** As the catalogue announces it. */
  announceRemoval(titleId: string): Promise<void>;
  readonly log: Log;
};

export async function stateFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bioscope-playback-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Playback on real stores and real RPC, among stand-ins of its neighbours. Starting it again on the folder goes on. */
export async function startPlayback(
  folder: string,
  around: Surroundings,
  environment: Record<string, string> = {},
): Promise<RunningPlayback> {
  await using started = new AsyncDisposableStack();
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const kv = started.adopt(await openKv({ folder: join(folder, 'kv') }), (store) => store.close());
  const log = started.adopt(await openLog({ folder: join(folder, 'log') }), (topics) => topics.close());
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: SECRET,
    units: ['playback', 'catalog', 'control', 'steering', 'access', 'graph', 'gateway'],
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  started.adopt(host, (running) => running.close());
  standIns(host, around);
  for (const service of ['playback', 'catalog', 'control', 'steering', 'access']) picture.pin({ service, address: host.address });
  const context = { name: 'playback', ...telemetry, environment: { BIOSCOPE_MEMBERS: 'none', ...environment }, crash: rethrow };
  const unit = await playback.start({ kv, log, rpc: host, passports: PASSPORTS.passports }, context);
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  const all = started.move();
  const gateway = host.as('gateway');
  return {
    client: gateway.client(PlaybackService),
    as: (caller) => host.as(caller).client(PlaybackService),
    operatorsAs: (caller) => host.as(caller).client(OperatorService),
    async ask(query, passport, variables = {}) {
      const answer = await host.as('graph').fetch('playback', '/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...PASSPORTS.headersFor(passport) },
        body: Buffer.from(JSON.stringify({ query, variables })),
      });
      return json(answer.body);
    },
    async get(path, headers = {}) {
      const answer = await gateway.fetch('playback', path, { headers });
      return { status: answer.status, type: answer.headers['content-type'], text: await text(answer.body) };
    },
    announceRemoval: (titleId) =>
      log.publish(TITLES_TOPIC, [{ key: titleId, type: 'title.removed', value: Buffer.from(JSON.stringify({ titleId, editionIds: [] })) }]),
    log,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function standIns(host: RunningRpcHost, around: Surroundings): void {
  const answering = <T>(unit: Neighbour, answer: () => T): T => {
    if (around.down.has(unit)) throw new RpcError('unavailable', `${unit} is down`);
    return answer();
  };
  const notCalled = (): never => {
    throw new RpcError('unimplemented', 'playback has no business here');
  };
  host.as('catalog').serve(
    CatalogService,
    {
      getTitle: ({ titleId }) =>
        answering('catalog', () => {
          if (around.title === null || around.title.id !== titleId) throw new RpcError('not_found', 'no such title');
          return { title: around.title };
        }),
      getEdition: ({ editionId }) =>
        answering('catalog', () => {
          if (around.edition.id !== editionId) throw new RpcError('not_found', 'no such edition');
          return { edition: around.edition };
        }),
      listTitles: notCalled,
      getTitles: notCalled,
      createTitle: notCalled,
      publishEdition: notCalled,
      reportPreparation: notCalled,
      setArtwork: notCalled,
      setAvailability: notCalled,
      removeTitle: notCalled,
    },
    { '*': ['playback'] },
  );
  host.as('control').serve(
    ControlService,
    {
      getTokenKeys: () => answering('control', () => ({ version: '1', keys: [TOKEN_KEY] })),
      holdEdition: notCalled,
      releaseEdition: notCalled,
      awaitEdition: notCalled,
      report: notCalled,
      watchPicture: notCalled,
    },
    { '*': ['playback'] },
  );
  const asks = PASSPORTS.passports.readerFor('access');
  host.as('access').serve(
    AccessService,
    {
      async decide(request, call) {
        if (request.action === Action.OPERATE) return answering('access', () => around.rights.decide(request, call));
        const { meanwhile } = around;
        around.meanwhile = null;
        await meanwhile?.();
        const unknown = { outcome: { case: 'refused', value: { because: 'sign_in_needed' } } } as const;
        return answering('access', () => around.decisions.get(asks(call).accountId) ?? unknown);
      },
      decideBatch: notCalled,
      explain: notCalled,
      listPolicies: notCalled,
    },
    { '*': ['playback'] },
  );
  host.as('steering').serve(
    SteeringService,
    {
      rank: () => answering('steering', () => ({ pathways: around.pathways, ttlS: 10 })),
    },
    { '*': ['playback'] },
  );
}

function rethrow(cause: unknown): never {
  throw cause;
}

/** Waits until the condition holds; rejects after 5 s. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 5 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
