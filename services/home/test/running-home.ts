import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { DescService } from '@bufbuild/protobuf';
import { CatalogService, PeopleService, PEOPLE_TOPIC, TITLES_TOPIC, type Person, type Title } from '@bioscope/catalog/contract';
import { askGraph, type GraphAnswer } from '@bioscope/graph/testing';
import { IdentityService, PROFILES_TOPIC, type ProfileEvent, type ProfileEventType } from '@bioscope/identity/contract';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import type { Passport } from '@bioscope/passport';
import { testPassports } from '@bioscope/passport/testing';
import { WATCHING_EVENT_TYPE, WATCHING_TOPIC, type Watching } from '@bioscope/playback/contract';
import { createPicture, createRpcHost, RpcError, type CallOptions, type Client, type Handlers, type RunningRpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';

import { HomeService } from '../contract/index.ts';
import { home } from '../src/service.ts';

const SECRET = randomBytes(32).toString('hex');

/** What surrounds home in a test: change it, or take a part of it down. */
export type Surroundings = {
  titles: Title[];
  people: Person[];
  /** By profile id. */
  profiles: Record<string, { maturityMax: number; isKids?: boolean; language?: string }>;
  readonly down: Set<'catalog' | 'identity'>;
};

export function surroundings(titles: Title[] = []): Surroundings {
  return { titles, people: [], profiles: { grown: { maturityMax: 18 }, kid: { maturityMax: 6, isKids: true } }, down: new Set() };
}

export type RunningHome = AsyncDisposable & {
  readonly client: Client<typeof HomeService>;
  /** What this part of the graph answers. */
  ask(passport: Partial<Passport>, query: string, variables?: object): Promise<GraphAnswer>;
  /** Options of a call by that profile, from Germany. */
  by(profileId: string, passport?: Partial<Passport>): CallOptions;
  /** As playback reports it. */
  report(watching: Partial<Watching> & Pick<Watching, 'profileId' | 'titleId'>): Promise<void>;
  announceTitles(...titleIds: string[]): Promise<void>;
  announcePeople(): Promise<void>;
  announceProfile(type: ProfileEventType, event: Pick<ProfileEvent, 'profileId'> & Partial<ProfileEvent>): Promise<void>;
  readonly kv: KvStore;
};

export async function stateFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'bioscope-home-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Home on real stores and real RPC, among stand-ins of its neighbours. Starting it again on the folder goes on. */
export async function startHome(folder: string, around: Surroundings, wrap: (kv: KvStore) => KvStore = (kv) => kv): Promise<RunningHome> {
  await using started = new AsyncDisposableStack();
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const kv = started.adopt(await openKv({ folder: join(folder, 'kv') }), (store) => store.close());
  const log = started.adopt(await openLog({ folder: join(folder, 'log') }), (topics) => topics.close());
  const picture = createPicture();
  const host = await createRpcHost({
    ...telemetry,
    secret: SECRET,
    units: ['home', 'catalog', 'identity', 'graph', 'gateway', 'studio'],
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  started.adopt(host, (running) => running.close());
  standIns(host, around);
  for (const service of ['home', 'catalog', 'identity']) picture.pin({ service, address: host.address });
  const passports = testPassports();
  const unit = await home.start(
    { kv: wrap(kv), log, rpc: host, passports: passports.passports },
    {
      name: 'home',
      ...telemetry,
      environment: {},
      crash: (cause) => {
        throw cause;
      },
    },
  );
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  const all = started.move();
  return {
    client: host.as('gateway').client(HomeService),
    ask: (passport, query, variables) =>
      askGraph({ rpc: host.as('graph'), unit: 'home', headers: passports.headersFor(passport) }, query, variables),
    by: (profileId, passport = {}) => ({ within: passports.within({ accountId: 'account', profileId, country: 'DE', ...passport }) }),
    ...announcing(log),
    kv,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function announcing(log: Log): Pick<RunningHome, 'report' | 'announceTitles' | 'announcePeople' | 'announceProfile'> {
  const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
  return {
    report(watching) {
      const value = json({ positionMs: 600_000, durationMs: 3_600_000, stage: 'begun', atMs: Date.now(), ...watching });
      return log.publish(WATCHING_TOPIC, [{ key: watching.profileId, type: WATCHING_EVENT_TYPE, value }]);
    },
    announceTitles: (...ids) =>
      log.publish(
        TITLES_TOPIC,
        ids.map((key) => ({ key, type: 'title.described', value: json({}) })),
      ),
    announcePeople: () => log.publish(PEOPLE_TOPIC, [{ key: 'p', type: 'person.put', value: json({}) }]),
    announceProfile(type, event) {
      const facts = { accountId: 'account', name: 'N', picture: 'p', language: 'en', maturityMax: 18, isKids: false, isOwner: false };
      return log.publish(PROFILES_TOPIC, [{ key: 'account', type, value: json({ ...facts, ...event }) }]);
    },
  };
}

function standIns(host: RunningRpcHost, around: Surroundings): void {
  const mustBeUp = (unit: 'catalog' | 'identity'): void => {
    if (around.down.has(unit)) throw new RpcError('unavailable', `${unit} is down`);
  };
  const catalog = host.as('catalog');
  const titlesAsked: Partial<Handlers<typeof CatalogService>> = {
    listTitles() {
      mustBeUp('catalog');
      return { titles: around.titles };
    },
    getTitles({ titleIds }) {
      mustBeUp('catalog');
      return { titles: around.titles.filter(({ id }) => titleIds.includes(id)) };
    },
  };
  catalog.serve(CatalogService, withRest(CatalogService, titlesAsked), { '*': ['home'] });
  const peopleAsked: Partial<Handlers<typeof PeopleService>> = {
    listPeople() {
      mustBeUp('catalog');
      return { people: around.people };
    },
  };
  catalog.serve(PeopleService, withRest(PeopleService, peopleAsked), { '*': ['home'] });
  const profilesAsked: Partial<Handlers<typeof IdentityService>> = {
    getProfile({ profileId }) {
      mustBeUp('identity');
      const known = around.profiles[profileId];
      if (known === undefined) throw new RpcError('not_found', 'no such profile');
      return { profile: { id: profileId, ...known } };
    },
  };
  host.as('identity').serve(IdentityService, withRest(IdentityService, profilesAsked), { '*': ['home'] });
}

/** Every other method refuses: home has no business there. */
function withRest<S extends DescService>(service: S, handlers: Partial<Handlers<S>>): Handlers<S> {
  const notCalled = (): never => {
    throw new RpcError('unimplemented', 'home has no business here');
  };
  const rest = Object.fromEntries(service.methods.map(({ localName }) => [localName, notCalled]));
  // All methods of the service are there now.
  return { ...rest, ...handlers } as Handlers<S>;
}

/** Waits until the condition holds; rejects after 5 s. */
export async function until(what: string, condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 5000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited 5 s in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
