import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ControlService, type WatchPictureResponseSchema } from '@bioscope/control/contract';
import { createPicture, createRpcHost, RpcError, type RunningRpcHost } from '@bioscope/rpc';
import type { Logger, Metrics } from '@bioscope/telemetry';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { setTimeout as pause } from 'node:timers/promises';
import { SteeringService } from '../contract/index.ts';
import { steering } from '../src/service.ts';

const QUIET: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => QUIET };
const NO_METRICS: Metrics = {
  counter: () => ({ add() {} }),
  gauge: () => ({ set() {} }),
  histogram: () => ({ observe() {} }),
  text: async () => '',
};
type Picture = MessageInitShape<typeof WatchPictureResponseSchema>;

const PICTURE: Picture = {
  version: 1,
  appliances: [
    { id: 'a1', baseUrl: 'http://127.0.0.2:8081', site: 's1', healthy: true, editions: ['e1'] },
    { id: 'a2', baseUrl: 'http://127.0.0.3:8081', site: 's2', healthy: true, editions: ['e1'] },
    { id: 'p1', baseUrl: 'http://127.0.0.4:8081', site: 'partner', healthy: true, editions: ['e1'] },
  ],
  editionBytes: { e1: 1_000 },
};

/** Control as steering sees it: a picture that can change and go away. */
function fakeControl() {
  let wake = Promise.withResolvers<void>();
  return {
    picture: null as Picture | null,
    refusals: 0,
    set(picture: Picture | null): void {
      this.picture = picture;
      wake.resolve();
      wake = Promise.withResolvers();
    },
    async watch(known: number): Promise<Picture> {
      if (this.picture?.version === known) await Promise.race([wake.promise, pause(1_000, undefined, { ref: false })]);
      if (this.picture === null) {
        this.refusals += 1;
        throw new RpcError('unavailable', 'control is gone');
      }
      return this.picture;
    },
  };
}

describe('steering', () => {
  const control = fakeControl();
  let host: RunningRpcHost;
  let stop: () => Promise<void>;

  const ask = async (path: string, headers: Record<string, string> = {}, method = 'GET') => {
    const answer = await host.as('gateway').fetch('steering', path, { headers, method });
    const chunks: Buffer[] = [];
    for await (const chunk of answer.body) chunks.push(Buffer.from(chunk));
    return { status: answer.status, headers: answer.headers, body: Buffer.concat(chunks).toString() };
  };
  const rank = (sessionId = 's1', clientAddress = '127.0.0.1') =>
    host.as('playback').client(SteeringService).rank({ editionId: 'e1', sessionId, clientAddress });

  async function eventually(what: string, look: () => Promise<boolean>): Promise<void> {
    const endMs = performance.now() + 5_000;
    while (!(await look())) {
      assert(performance.now() < endMs, what);
      await pause(10);
    }
  }

  before(async () => {
    const discovery = createPicture();
    host = await createRpcHost({
      secret: 'ab'.repeat(32),
      units: ['control', 'steering', 'playback', 'gateway', 'studio'],
      zone: 'a',
      region: 'local',
      listen: { host: '127.0.0.1', port: 0 },
      discovery,
      log: QUIET,
      metrics: NO_METRICS,
    });
    for (const service of ['control', 'steering']) discovery.pin({ service, address: host.address });
    const unused = (): never => {
      throw new RpcError('unimplemented', 'not asked for by steering');
    };
    host.as('control').serve(
      ControlService,
      {
        holdEdition: unused,
        releaseEdition: unused,
        awaitEdition: unused,
        report: unused,
        getTokenKeys: unused,
        watchPicture: ({ knownVersion }) => control.watch(knownVersion),
      },
      { '*': ['steering'] },
    );
    const running = await steering.start(
      { rpc: host },
      {
        name: 'steering',
        log: QUIET,
        metrics: NO_METRICS,
        environment: { BIOSCOPE_STEERING_ROUTES: '10.0.0.0/8=s2,172.16.0.0/12=partner', BIOSCOPE_STEERING_PARTNERS: 'partner' },
        crash(cause) {
          throw cause;
        },
      },
    );
    assert.equal(running.ready?.(), false);
    stop = async () => {
      await running.stop?.();
      await host.close();
    };
  });
  after(() => stop());

  it('says that it knows nothing yet, without 429, before control has answered', async () => {
    const answer = await ask('/steering/v1/s1/e1');
    assert.equal(answer.status, 503);
    assert.equal(answer.headers['retry-after'], '1');
    await assert.rejects(rank(), { code: 'unavailable' });
    control.set(PICTURE);
    await eventually('a picture has come', async () => (await ask('/steering/v1/s1/e1')).status === 200);
  });

  it('ranks both appliances, near ones first', async () => {
    const { pathways, ttlS } = await rank('s1', '10.9.9.9');
    assert.deepEqual(
      pathways.map(({ id, baseUrl, usable }) => ({ id, baseUrl, usable })),
      [
        { id: 'a2', baseUrl: 'http://127.0.0.3:8081', usable: true },
        { id: 'a1', baseUrl: 'http://127.0.0.2:8081', usable: true },
      ],
    );
    assert.match(pathways[0]?.why ?? '', /near the client \(8\)/);
    assert.equal(ttlS, 10);
  });

  it("gives a partner's appliance to the partner's own clients only, and first to them", async () => {
    const idsFor = async (client: string) => (await rank('s1', client)).pathways.map(({ id }) => id);
    assert.equal((await idsFor('172.16.3.4'))[0], 'p1');
    for (const client of ['10.9.9.9', '192.0.2.1', '']) assert.equal((await idsFor(client)).includes('p1'), false);
  });

  it('answers HLS and DASH players with the same order, whatever they report', async () => {
    const hls = await ask('/steering/v1/s1/e1?_HLS_pathway=a1&_HLS_throughput=5140000');
    assert.equal(hls.status, 200);
    assert.equal(hls.headers['content-type'], 'application/vnd.apple.steering-list');
    assert.equal(hls.headers['cache-control'], 'no-store');
    const dash = await ask('/steering/v1/s1/e1?_DASH_pathway=%22a1%2Ca2%22&_DASH_throughput=5140000%2C100');
    assert.equal(dash.headers['content-type'], 'application/json');
    assert.equal(dash.body, hls.body);
    const { pathways } = await rank('s1');
    assert.deepEqual(JSON.parse(hls.body), {
      VERSION: 1,
      TTL: 10,
      'RELOAD-URI': '/steering/v1/s1/e1',
      'PATHWAY-PRIORITY': pathways.map(({ id }) => id),
    });
  });

  it('takes the client address from the gateway', async () => {
    const answer = await ask('/steering/v1/s1/e1', { 'x-forwarded-for': '192.0.2.1, 10.1.1.1' });
    assert.match(answer.body, /"PATHWAY-PRIORITY":\["a2","a1"\]/);
  });

  it('says in full where to ask next, when the gateway says what it is called', async () => {
    const answer = await ask('/steering/v1/s1/e1?_HLS_pathway=a1', {
      'x-forwarded-host': 'play.localhost:8080',
      'x-forwarded-proto': 'http',
    });
    assert.match(answer.body, /"RELOAD-URI":"http:\/\/play\.localhost:8080\/steering\/v1\/s1\/e1"/);
  });

  it('refuses addresses and methods that are not its own', async () => {
    for (const path of [
      '/steering/v1/s1',
      '/steering/v1/s1/e1/x',
      '/steering/v2/s1/e1',
      `/steering/v1/${'s'.repeat(65)}/e1`,
      '/steering/v1/s%201/e1',
    ]) {
      assert.equal((await ask(path)).status, 404, path);
    }
    assert.equal((await ask('/steering/v1/s1/e1', {}, 'POST')).status, 405);
    await assert.rejects(host.as('studio').client(SteeringService).rank({ editionId: 'e1' }), { code: 'permission_denied' });
    await assert.rejects(host.as('playback').client(SteeringService).rank({}), { code: 'invalid_argument' });
  });

  it('hears of an appliance that fell ill at once, and goes on by its last picture when control is gone', async () => {
    const [one, other] = PICTURE.appliances ?? [];
    control.set({ ...PICTURE, version: 2, appliances: [{ ...one, healthy: false, troubles: ['nginx is down'] }, { ...other }] });
    await eventually('the ill one is last', async () => (await rank()).pathways.map(({ id }) => id).join() === 'a2,a1');
    const { pathways, ttlS } = await rank();
    assert.deepEqual(
      pathways.map(({ usable }) => usable),
      [true, false],
    );
    assert.equal(ttlS, 5);
    control.set(null);
    const refusalsBefore = control.refusals;
    await eventually('steering was refused', async () => control.refusals > refusalsBefore);
    assert.deepEqual((await rank()).pathways, pathways);
    control.set({ ...PICTURE, version: 3 });
    await eventually('control is followed again', async () => (await rank()).ttlS === 10);
  });
});
