import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import {
  ReportResponseSchema,
  signSegmentToken,
  type Appliance,
  type EditionPlan,
  type ReportResponse,
  type TokenKey,
} from '@bioscope/control/contract';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { HttpAnswer, HttpCallOptions } from '@bioscope/rpc';
import type { Logger, Metrics } from '@bioscope/telemetry';
import { readConfig, type ApplianceSettings } from '../src/config.ts';
import { startAppliance, type ApplianceNeeds, type Pace, type RunningAppliance } from '../src/running-appliance.ts';

export const KEYS: readonly Pick<TokenKey, 'id' | 'secret' | 'active'>[] = [
  { id: 'k1', secret: Uint8Array.from({ length: 32 }, (_, index) => index), active: true },
];

export const QUIET: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };

const NO_METRICS: Metrics = {
  counter: () => ({ add() {} }),
  gauge: () => ({ set() {} }),
  histogram: () => ({ observe() {} }),
  text: async () => '',
};

/** Resolves with the first value that is not null, false or undefined; rejects when there is none in time. */
export async function eventually<T>(what: string, look: () => T | Promise<T>, deadlineMs = 10_000): Promise<NonNullable<T>> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const value = await look();
    if (value !== null && value !== undefined && value !== false) return value;
    if (performance.now() > endMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await pause(20);
  }
}

export async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-appliance-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function freePort(address: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

export type TestFile = { readonly name: string; readonly bytes: number; readonly sha256: string; readonly content: Buffer };

export function fileOf(name: string, bytes: number): TestFile {
  return withChecksum(name, randomBytes(bytes));
}

/** The same bytes in every process. */
export function seededFile(name: string, bytes: number): TestFile {
  return withChecksum(
    name,
    Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 31 + (index >> 8) * 17 + (index >> 16)) & 0xff)),
  );
}

function withChecksum(name: string, content: Buffer): TestFile {
  const bytes = content.length;
  return { name, bytes, sha256: createHash('sha256').update(content).digest('hex'), content };
}

/** What the studio's mount does, for files in memory. */
export type FakeOrigin = {
  readonly asked: { readonly path: string; readonly range: string | undefined }[];
  isGone: boolean;
  /** Called before each piece of 64 KiB of a body. */
  beforePiece: (path: string, piece: number) => Promise<void>;
  put(editionId: string, file: TestFile): void;
  fetch(unit: string, path: string, options?: HttpCallOptions): Promise<HttpAnswer>;
};

const PIECE_BYTES = 65_536;

export function fakeOrigin(): FakeOrigin {
  const contents = new Map<string, Buffer>();
  const origin: FakeOrigin = {
    asked: [],
    isGone: false,
    beforePiece: async () => undefined,
    put: (editionId, file) => void contents.set(`/origin/${editionId}/${file.name}`, file.content),
    async fetch(unit, path, options) {
      const range = options?.headers?.['range'];
      origin.asked.push({ path, range });
      if (unit !== 'studio' || origin.isGone) throw new Error('connect ECONNREFUSED');
      const content = contents.get(path);
      if (content === undefined) return { status: 404, headers: {}, body: Readable.from([]) };
      const offset = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
      const body = Readable.from(pieces(content, offset, path));
      options?.signal?.addEventListener('abort', () => body.destroy(new Error('aborted')));
      const headers = offset === 0 ? {} : { 'content-range': `bytes ${offset}-${content.length - 1}/${content.length}` };
      return { status: offset === 0 ? 200 : 206, headers, body };
    },
  };
  async function* pieces(content: Buffer, offset: number, path: string): AsyncGenerator<Buffer> {
    for (let at = offset; at < content.length; at += PIECE_BYTES) {
      await origin.beforePiece(path, at / PIECE_BYTES);
      yield content.subarray(at, at + PIECE_BYTES);
    }
  }
  return origin;
}

/** What control answers to reports, and what it heard. */
export type FakeControl = {
  isGone: boolean;
  plan: { version: number; editions: Omit<EditionPlan, '$typeName'>[]; peers: MessageInitShape<typeof ReportResponseSchema>['plan'] };
  keys: { version: string; keys: readonly Pick<TokenKey, 'id' | 'secret' | 'active'>[] };
  /** Last report of each appliance. */
  readonly heard: Map<string, Appliance>;
  report: ApplianceNeeds['control']['report'];
  hold(editionId: string, files: readonly TestFile[]): void;
  release(editionId: string): void;
};

export function fakeControl(): FakeControl {
  const control: FakeControl = {
    isGone: false,
    plan: { version: 1, editions: [], peers: {} },
    keys: { version: 'k1*', keys: KEYS },
    heard: new Map(),
    async report(request) {
      if (control.isGone) throw new Error('control is gone');
      const appliance = request.appliance as Appliance;
      control.heard.set(appliance.id, appliance);
      const peers = [...control.heard.values()].filter((other) => other.id !== appliance.id && other.healthy);
      // As the real one: what peers hold is part of the plan, so a change of it is a new version.
      const version = control.plan.version * 1_000 + peers.reduce((sum, peer) => sum + peer.editions.length + 1, 0);
      return create(ReportResponseSchema, {
        planVersion: version,
        ...(request.knownPlanVersion === version ? {} : { plan: { editions: control.plan.editions, peers } }),
        keysVersion: control.keys.version,
        keys: request.knownKeysVersion === control.keys.version ? [] : [...control.keys.keys],
        nextReportMs: 200,
      }) satisfies ReportResponse;
    },
    hold(editionId, files) {
      const wanted = files.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 }));
      control.plan.editions.push({ editionId, titleId: `title-of-${editionId}`, files: wanted as EditionPlan['files'] });
      control.plan.version += 1;
    },
    release(editionId) {
      control.plan.editions = control.plan.editions.filter((edition) => edition.editionId !== editionId);
      control.plan.version += 1;
    },
  };
  return control;
}

export type TestAppliance = RunningAppliance & {
  readonly settings: ApplianceSettings;
  readonly baseUrl: string;
  /** The address of a file, signed with the first key. */
  signed(editionId: string, name: string): string;
};

/** Everyday settings that make tests quick; `folder` and `id` must be given. */
export async function startTestAppliance(
  on: { control: FakeControl; origin: FakeOrigin },
  given: Partial<ApplianceSettings> & Pick<ApplianceSettings, 'id' | 'folder'>,
  pace: Partial<Pace> = {},
): Promise<TestAppliance> {
  const address = given.address ?? '127.0.0.2';
  const settings: ApplianceSettings = {
    site: 's',
    zone: 'a',
    region: 'local',
    reserveBytes: 0,
    graceMs: 0,
    address,
    port: given.port ?? (await freePort(address)),
    ...given,
  };
  const config = readConfig(settings, process.env);
  const running = await startAppliance({
    config,
    rpc: on.origin,
    control: on.control,
    log: process.env['BIOSCOPE_TEST_LOG'] === '1' ? LOUD : QUIET,
    metrics: NO_METRICS,
    environment: process.env,
    pace,
  });
  return {
    ...running,
    settings,
    baseUrl: config.baseUrl,
    signed: (editionId, name) => `${config.baseUrl}/t/${testToken(editionId)}/${editionId}/${name}`,
  };
}

const LOUD: Logger = {
  debug: say,
  info: say,
  warn: say,
  error: say,
  child: () => LOUD,
};

function say(fields: object, message: string): void {
  process.stderr.write(`${message} ${JSON.stringify(fields, (_, value: unknown) => (value instanceof Error ? value.stack : value))}\n`);
}

export function testToken(editionId: string): string {
  const [key] = KEYS;
  if (key === undefined) throw new Error('no key');
  return signSegmentToken(key, { editionId, sessionId: 'session-1', expiresAtMs: Date.now() + 60_000 });
}
