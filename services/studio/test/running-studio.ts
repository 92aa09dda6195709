import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buffer, json } from 'node:stream/consumers';
import { askedWithin, standInForAccess, type OperatorRights } from '@bioscope/access/testing';
import { openFileBlobs } from '@bioscope/blob/files';
import type { BlobStore } from '@bioscope/blob';
import { CatalogService, TITLES_TOPIC } from '@bioscope/catalog/contract';
import type { Edition } from '@bioscope/catalog/contract';
import { ControlService } from '@bioscope/control/contract';
import { openJobs } from '@bioscope/jobs';
import type { Jobs } from '@bioscope/jobs';
import { openKv } from '@bioscope/kv/sqlite';
import { openLog } from '@bioscope/log/sqlite';
import type { Passport } from '@bioscope/passport';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost, RpcError } from '@bioscope/rpc';
import type { Client, HttpAnswer, Rpc } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { StudioService } from '../contract/index.ts';
import * as realMedia from '../src/media/index.ts';
import type { Media } from '../src/parts.ts';
import { studioWith } from '../src/service.ts';

export const PASSPORTS = testPassports();
export const OPERATOR = { accountId: 'op', isOperator: true };

/** What the studio told the units that stand in for catalogue and delivery control. */
export type Told = {
  readonly titles: Map<string, { name: string }>;
  readonly editions: Edition[];
  readonly failures: Map<string, string>;
  readonly prepared: number[];
  readonly artwork: Set<string>;
  readonly held: Set<string>;
  readonly released: string[];
};
export type RunningStudio = AsyncDisposable & {
  readonly told: Told;
  /** What access says to operators. */
  readonly rights: OperatorRights;
  /** As an operator asks through the gateway. */
  readonly client: Client<typeof StudioService>;
  readonly blob: BlobStore;
  readonly jobs: Jobs;
  fetchAs(caller: string): Rpc['fetch'];
  /** What the studio's part of the graph answers. */
  ask(query: string, passport: Partial<Passport>, variables?: object): Promise<unknown>;
  removeTitle(titleId: string): Promise<void>;
};
export type StudioTwists = {
  readonly media?: Partial<Media>;
  readonly environment?: Record<string, string>;
  readonly isHeld?: () => boolean;
};

export async function stateFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-studio-'));
  return { path: folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** The studio on real stores, real RPC and real media programs, with small stand-ins for the units it calls. */
export async function startStudio(
  folder: string,
  { media = {}, environment = {}, isHeld = () => true }: StudioTwists = {},
): Promise<RunningStudio> {
  await using started = new AsyncDisposableStack();
  const telemetry = createTelemetry({ process: 'test', processMetrics: false, sink: { write: () => undefined } });
  const kv = started.adopt(await openKv({ folder: path.join(folder, 'kv') }), (store) => store.close());
  const log = started.adopt(await openLog({ folder: path.join(folder, 'log') }), (topics) => topics.close());
  const blob = await openFileBlobs({ folder: path.join(folder, 'blob'), secret: randomBytes(32) });
  const jobs = started.adopt(await openJobs({ kv, pollMs: 200 }), (queues) => queues.close());
  const picture = createPicture();
  const units = ['studio', 'catalog', 'control', 'graph', 'gateway', 'appliance', 'access'];
  const host = await createRpcHost({
    ...telemetry,
    secret: randomBytes(32).toString('hex'),
    units,
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
  });
  started.adopt(host, (running) => running.close());
  for (const service of units) picture.pin({ service, address: host.address });
  const rights = standInForAccess(host, { passports: PASSPORTS.passports, callers: ['studio'] });
  const told = standIns((unit) => host.as(unit), isHeld);
  const unit = await studioWith({ ...realMedia, ...media }).start(
    { kv, log, blob, jobs, rpc: host, passports: PASSPORTS.passports },
    {
      name: 'studio',
      ...telemetry,
      environment: { BIOSCOPE_DATA: folder, BIOSCOPE_STUDIO_RESERVE_GIB: '0', BIOSCOPE_STUDIO_LEASE_SECONDS: '1', ...environment },
      crash: (cause) => {
        throw cause;
      },
    },
  );
  started.defer(() => unit.stop?.() ?? Promise.resolve());
  const all = started.move();
  return {
    told,
    rights,
    client: askedWithin(StudioService, host.as('gateway').client(StudioService), () => PASSPORTS.within(OPERATOR)),
    blob,
    jobs,
    fetchAs: (caller) => (service, where, options) => host.as(caller).fetch(service, where, options),
    async ask(query, passport, variables = {}) {
      const answer = await host.as('graph').fetch('studio', '/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...PASSPORTS.headersFor(passport) },
        body: Buffer.from(JSON.stringify({ query, variables })),
      });
      return json(answer.body);
    },
    removeTitle: (titleId) =>
      log.publish(TITLES_TOPIC, [
        { key: titleId, type: 'title.removed', value: new TextEncoder().encode(JSON.stringify({ titleId, editionIds: [] })) },
      ]),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function standIns(as: (unit: string) => Rpc, isHeld: () => boolean): Told {
  const told: Told = {
    titles: new Map(),
    editions: [],
    failures: new Map(),
    prepared: [],
    artwork: new Set(),
    held: new Set(),
    released: [],
  };
  const notHere = (): never => {
    throw new RpcError('unimplemented', 'not in this stand-in');
  };
  as('catalog').serve(
    CatalogService,
    {
      createTitle({ titleId, name }) {
        if (name.trim() === '') throw new RpcError('invalid_argument', 'name: must not be empty');
        told.titles.set(titleId, { name });
        return {};
      },
      publishEdition({ edition }) {
        if (edition === undefined || !told.held.has(edition.id))
          throw new RpcError('failed_precondition', 'published before an appliance has it');
        told.editions.push(edition);
        return {};
      },
      reportPreparation({ titleId, prepared, failure }) {
        if (failure === '') told.prepared.push(prepared);
        else told.failures.set(titleId, failure);
        return {};
      },
      setArtwork({ titleId }) {
        told.artwork.add(titleId);
        return {};
      },
      listTitles: notHere,
      getTitles: notHere,
      getTitle: notHere,
      getEdition: notHere,
      setAvailability: notHere,
      removeTitle: notHere,
    },
    { '*': ['studio'] },
  );
  as('control').serve(
    ControlService,
    {
      holdEdition({ edition }) {
        told.held.add(edition?.editionId ?? '');
        return {};
      },
      awaitEdition: ({ editionId }) => ({ held: told.held.has(editionId) && isHeld(), applianceIds: [], progress: 0.5 }),
      releaseEdition({ editionId }) {
        told.released.push(editionId);
        return {};
      },
      report: notHere,
      watchPicture: notHere,
      getTokenKeys: notHere,
    },
    { '*': ['studio'] },
  );
  return told;
}

/** Uploads as a tus client does, in one or more PATCHes; answers the upload id, or the refusal. */
export async function upload(
  studio: Pick<RunningStudio, 'fetchAs'>,
  film: Uint8Array,
  patchBytes = film.length,
): Promise<{ id: string; answer: HttpAnswer }> {
  const fetch = studio.fetchAs('gateway');
  const tus = { 'tus-resumable': '1.0.0' };
  const begun = await fetch('studio', '/uploads', {
    method: 'POST',
    headers: { ...tus, ...PASSPORTS.headersFor(OPERATOR), 'upload-length': String(film.length) },
  });
  const id =
    String(begun.headers.location ?? '')
      .split('/')
      .at(-1) ?? '';
  let answer = begun;
  for (let at = 0; at < film.length && answer.status < 300; at += patchBytes) {
    await buffer(answer.body);
    const body = film.subarray(at, at + patchBytes);
    const headers = {
      ...tus,
      ...PASSPORTS.headersFor(OPERATOR),
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(at),
      'content-length': String(body.length),
    };
    answer = await fetch('studio', `/uploads/${id}`, { method: 'PATCH', headers, body });
  }
  return { id, answer };
}

export async function until<T>(what: string, look: () => Promise<T | null | false> | T | null | false, deadlineMs = 60_000): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== false) return seen;
    if (performance.now() > end) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
