import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { methodsOpenTo, standInForAccess, type OperatorRights } from '@bioscope/access/testing';
import type { KvStore } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost, type Client, type Code, type RunningRpcHost } from '@bioscope/rpc';
import type { Logger, Metrics } from '@bioscope/telemetry';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { ControlService, signSegmentToken, verifySegmentToken, type ReportRequestSchema } from '../contract/index.ts';
import { control } from '../src/service.ts';

const QUIET: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const NO_METRICS: Metrics = {
  counter: () => ({ add() {} }),
  gauge: () => ({ set() {} }),
  histogram: () => ({ observe() {} }),
  text: async () => '',
};
const FILE = { name: '240p.mp4', bytes: 1_000, sha256: 'a'.repeat(64) };
const edition = (editionId: string, titleId = `title-of-${editionId}`) => ({ edition: { editionId, titleId, files: [FILE] } });

type Running = { host: RunningRpcHost; rights: OperatorRights; kv: KvStore; log: Log; stop(): Promise<void> };
const UNITS = ['control', 'studio', 'appliance', 'steering', 'playback', 'gateway', 'access'];
const PASSPORTS = testPassports();

async function startControl(folder: string): Promise<Running> {
  const kv = await openKv({ folder });
  const log = await openLog({ folder });
  const discovery = createPicture();
  const host = await createRpcHost({
    secret: 'ab'.repeat(32),
    units: UNITS,
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery,
    log: QUIET,
    metrics: NO_METRICS,
  });
  for (const service of ['control', 'access']) discovery.pin({ service, address: host.address });
  const rights = standInForAccess(host, { passports: PASSPORTS.passports, callers: ['control'] });
  const running = await control.start(
    { kv, log, rpc: host },
    {
      name: 'control',
      log: QUIET,
      metrics: NO_METRICS,
      environment: {},
      crash(cause) {
        throw cause;
      },
    },
  );
  return {
    host,
    rights,
    kv,
    log,
    async stop() {
      await running.stop?.();
      await host.close();
      await log.close();
      await kv.close();
    },
  };
}

describe('control', () => {
  let folder = '';
  let running: Running;
  let studio: Client<typeof ControlService>;
  let appliance: Client<typeof ControlService>;
  let steering: Client<typeof ControlService>;

  async function start(): Promise<void> {
    running = await startControl(folder);
    studio = running.host.as('studio').client(ControlService);
    appliance = running.host.as('appliance').client(ControlService);
    steering = running.host.as('steering').client(ControlService);
  }
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bioscope-control-'));
    await start();
  });
  after(async () => {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const reportOf = (
    id: string,
    editions: string[],
    known: { plan?: number; keys?: string; fillingBytes?: Record<string, number> } = {},
  ): MessageInitShape<typeof ReportRequestSchema> => ({
    appliance: { id, baseUrl: `http://${id}:1`, healthy: true, editions, fillingBytes: known.fillingBytes ?? {} },
    knownPlanVersion: known.plan ?? 0,
    knownKeysVersion: known.keys ?? '',
  });

  /** A report of an appliance that has the current keys. */
  async function report(id: string, editions: string[], fillingBytes: Record<string, number> = {}) {
    const { keysVersion } = await appliance.report(reportOf(id, editions));
    return appliance.report(reportOf(id, editions, { keys: keysVersion, fillingBytes }));
  }

  const fails = (code: Code, message: RegExp) => (error: unknown) => {
    assert(error instanceof Error && 'code' in error);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };

  it('hands an appliance the plan once, and again when it changes', async () => {
    await studio.holdEdition(edition('e1'));
    const first = await appliance.report(reportOf('a1', []));
    assert.deepEqual(
      first.plan?.editions.map(({ editionId, files }) => ({ editionId, file: files[0]?.name })),
      [{ editionId: 'e1', file: '240p.mp4' }],
    );
    const second = await appliance.report(reportOf('a1', [], { plan: first.planVersion }));
    assert.equal(second.plan, undefined);
    await studio.holdEdition(edition('e2'));
    const third = await appliance.report(reportOf('a1', [], { plan: first.planVersion }));
    assert.equal(third.plan?.editions.length, 2);
  });

  it('takes the same edition twice, refuses other files under its id, and refuses a bad one by field', async () => {
    await studio.holdEdition(edition('e1'));
    const other = { edition: { ...edition('e1').edition, files: [{ ...FILE, sha256: 'b'.repeat(64) }] } };
    await assert.rejects(studio.holdEdition(other), fails('already_exists', /e1 is held with other files/));
    await assert.rejects(studio.holdEdition({}), fails('invalid_argument', /^edition: missing/));
    await assert.rejects(appliance.report({}), fails('invalid_argument', /^appliance: missing/));
  });

  it('answers who waits for an edition when a healthy appliance holds it, with progress before', async () => {
    await studio.holdEdition(edition('e3'));
    await report('a1', [], { e3: 250 });
    assert.deepEqual(await studio.awaitEdition({ editionId: 'e3', waitMs: 0 }).then(({ held, progress }) => ({ held, progress })), {
      held: false,
      progress: 0.25,
    });
    const waiting = studio.awaitEdition({ editionId: 'e3', waitMs: 10_000 }, { deadlineMs: 12_000 });
    await report('a1', ['e3']);
    const answer = await waiting;
    assert.deepEqual({ held: answer.held, by: answer.applianceIds, progress: answer.progress }, { held: true, by: ['a1'], progress: 1 });
    await assert.rejects(studio.awaitEdition({ editionId: 'none', waitMs: 0 }), fails('not_found', /none is not planned/));
  });

  it('shows watchers an appliance that fell silent, without being asked again', async () => {
    await report('a1', []);
    const picture = await steering.watchPicture({ knownVersion: 0, waitMs: 0 }, { deadlineMs: 5_000 });
    assert.equal(picture.appliances.find(({ id }) => id === 'a1')?.healthy, true);
    assert.equal(picture.editionBytes['e1'], 1_000);
    let known = picture;
    const endMs = performance.now() + 10_000;
    while (known.appliances.find(({ id }) => id === 'a1')?.healthy === true) {
      assert(performance.now() < endMs);
      known = await steering.watchPicture({ knownVersion: known.version, waitMs: 5_000 }, { deadlineMs: 6_000 });
    }
    assert.match(known.appliances.find(({ id }) => id === 'a1')?.troubles[0] ?? '', /^silent for \d+ s$/);
  });

  it('shows operators the picture as access lets them, and steering always', async () => {
    const operator = running.host.as('gateway').client(ControlService);
    const within = () => ({ within: PASSPORTS.within({ accountId: 'op', isOperator: true }) });
    const picture = await operator.watchPicture({ knownVersion: 0, waitMs: 0 }, within());
    assert.equal(picture.appliances.find(({ id }) => id === 'a1')?.id, 'a1');
    assert.deepEqual(running.rights.asked, ['appliances']);
    const member = { within: PASSPORTS.within({ accountId: 'm1' }) };
    await assert.rejects(operator.watchPicture({ knownVersion: 0, waitMs: 0 }, member), fails('permission_denied', /operators_only/));
    await assert.rejects(operator.watchPicture({ knownVersion: 0, waitMs: 0 }), fails('unauthenticated', /./));
    running.rights.answer = 'operators_only';
    assert.deepEqual(await methodsOpenTo(ControlService, operator, within()), []);
    running.rights.answer = 'down';
    await assert.rejects(operator.watchPicture({ knownVersion: 0, waitMs: 0 }, within()), fails('unavailable', /access/));
    assert.equal((await steering.watchPicture({ knownVersion: 0, waitMs: 0 })).version, picture.version);
    running.rights.answer = 'granted';
  });

  it('does not call an appliance healthy that could not check the tokens of now', async () => {
    await appliance.report(reportOf('a2', []));
    const { appliances } = await steering.watchPicture({ knownVersion: 0, waitMs: 0 });
    const shown = appliances.find(({ id }) => id === 'a2');
    assert.equal(shown?.healthy, false);
    assert.deepEqual(shown?.troubles, ['does not have the current token key yet']);
  });

  it('gives signers and checkers the same keys, and nobody else', async () => {
    const signer = await running.host.as('playback').client(ControlService).getTokenKeys({});
    const checker = await appliance.report(reportOf('a1', []));
    const key = signer.keys.find(({ active }) => active);
    assert(key !== undefined);
    const token = signSegmentToken(key, { editionId: 'e1', sessionId: 's', expiresAtMs: Date.now() + 60_000 });
    assert.equal(verifySegmentToken(checker.keys, token, 'e1', Date.now()).kind, 'valid');
    for (const outsider of [studio, steering]) {
      await assert.rejects(outsider.getTokenKeys({}), fails('permission_denied', /./));
    }
    await assert.rejects(steering.holdEdition(edition('e9')), fails('permission_denied', /./));
  });

  it('releases what a removed title had, also what comes late, and keeps all that over a restart', async () => {
    await studio.holdEdition(edition('e5', 'gone'));
    await studio.holdEdition(edition('e6', 'stays'));
    await running.log.publish('catalog.titles', [
      { key: 'gone', type: 'title.removed', value: Buffer.from(JSON.stringify({ titleId: 'gone', editionIds: ['e5', 'e7'] })) },
    ]);
    const endMs = performance.now() + 10_000;
    for (;;) {
      const { plan } = await appliance.report(reportOf('a1', []));
      if (plan?.editions.every(({ editionId }) => editionId !== 'e5') === true) break;
      assert(performance.now() < endMs, 'the edition of a removed title is still planned');
    }
    const late = studio.holdEdition(edition('e7', 'gone'));
    await assert.rejects(late, fails('failed_precondition', /title gone was removed/));
    const before = await appliance.report(reportOf('a1', []));

    await running.stop();
    await start();
    const afterwards = await appliance.report(reportOf('a1', []));
    assert.deepEqual(afterwards.plan?.editions, before.plan?.editions);
    assert(afterwards.plan?.editions.some(({ editionId }) => editionId === 'e6'));
    assert.equal(afterwards.keysVersion, before.keysVersion);
    assert.deepEqual(afterwards.keys, before.keys);
    await assert.rejects(studio.holdEdition(edition('e7', 'gone')), fails('failed_precondition', /removed/));

    await studio.releaseEdition({ editionId: 'e6' });
    await studio.releaseEdition({ editionId: 'e6' });
    const released = await appliance.report(reportOf('a1', []));
    assert(!released.plan?.editions.some(({ editionId }) => editionId === 'e6'));
  });
});
