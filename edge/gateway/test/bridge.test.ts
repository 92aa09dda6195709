import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { askedBy } from '@bioscope/passport';
import type { HttpHandler } from '@bioscope/rpc';
import { ALL_TO_B, sayRegions, startPair } from './running-regions.ts';
import type { SaidRegions } from './running-regions.ts';
import { ask, OPERATOR_TOKEN, PASSPORTS, startBackend, until } from './start-gateway.ts';
import type { Backend, RunningGateway } from './start-gateway.ts';

const START = '/bioscope.playback.v1.PlaybackService/StartSession';

const saysWhere =
  (region: string): HttpHandler =>
  (request, response) =>
    void response.end(JSON.stringify({ region, headers: request.headers }));

type Pair = { a: RunningGateway; b: RunningGateway; regions: SaidRegions; backends: { a: Backend; b: Backend } };

/** Regions a and b, whose units say where they are. */
async function pair(
  test: TestContext,
  { mounts = {}, environments = {} }: { mounts?: Record<string, HttpHandler>; environments?: Parameters<typeof startPair>[3] } = {},
): Promise<Pair> {
  const [a, b] = await Promise.all(
    ['a', 'b'].map((region) => startBackend(test, { 'web/': saysWhere(region), 'identity/session': saysWhere(region), ...mounts })),
  );
  assert(a !== undefined && b !== undefined);
  const regions = await sayRegions(test);
  const gateways = await startPair(test, { a, b, regions }, ['web', 'identity', 'studio', 'playback'], environments);
  return { ...gateways, regions, backends: { a, b } };
}

async function regionThatAnswers(gateway: RunningGateway): Promise<unknown> {
  return (JSON.parse((await ask(gateway, 'app', '/')).body) as { region: unknown }).region;
}

async function bridged(running: Pair, say = ALL_TO_B, from: 'a' | 'b' = 'a'): Promise<void> {
  running.regions.say(say);
  const other = from === 'a' ? 'b' : 'a';
  await until('requests to be handed over', async () => (await regionThatAnswers(running[from])) === other);
  running.a.lines.length = 0;
  running.b.lines.length = 0;
}

describe('the bridge to another region', () => {
  it('hands requests over as the picture says, and no more when it says so', async (test) => {
    const running = await pair(test);
    assert.equal(await regionThatAnswers(running.a), 'a');
    await bridged(running);
    running.regions.say([{ name: 'a', bridgeShare: 0 }, { name: 'b' }]);
    await until('requests to stay', async () => (await regionThatAnswers(running.a)) === 'a');
  });

  it('goes on with the last picture when the unit regions is gone', async (test) => {
    const running = await pair(test);
    await bridged(running);
    await running.regions.host.close();
    await until('the gateway to notice', async () => (await regionThatAnswers(running.a)) === 'b');
    assert.equal(await regionThatAnswers(running.a), 'b');
  });

  it('keeps client, host, scheme, cookies and request id, and answers with one set of headers', async (test) => {
    const running = await pair(test);
    await bridged(running);
    const answer = await ask(running.a, 'app', '/session/refresh?x=1', {
      headers: { cookie: 'bioscope_session=one', 'accept-language': 'de' },
    });
    const { region, headers } = JSON.parse(answer.body) as { region: string; headers: Record<string, string> };
    assert.deepEqual(
      [
        region,
        headers['x-forwarded-for'],
        headers['x-forwarded-host'],
        headers['x-forwarded-proto'],
        headers['cookie'],
        headers['accept-language'],
      ],
      ['b', '127.0.0.1', `app.localhost:${running.a.port}`, 'http', 'bioscope_session=one', 'de'],
    );
    assert.equal(headers['bioscope-handover'], undefined);
    assert.equal(answer.headers['x-request-id'], headers['x-request-id']);
    assert.equal(answer.headers['x-content-type-options'], 'nosniff');
    assert.match(
      String(answer.headers['content-security-policy']),
      new RegExp(`connect-src 'self' http://api\\.localhost:${running.a.port} `),
    );
    await until('both log lines', () => running.a.lines.length === 1 && running.b.lines.length === 1);
    const [[here], [there]] = [running.a.lines, running.b.lines];
    assert.deepEqual([here?.['bridgedTo'], here?.['cameFrom'], here?.['upstream']], ['b', undefined, running.b.rpcAddress]);
    assert.deepEqual([there?.['bridgedTo'], there?.['cameFrom'], there?.['client']], [undefined, 'a', '127.0.0.1']);
    assert.equal(here?.['requestId'], there?.['requestId']);
    assert.equal(String(here?.['trace']).split('-')[1], String(there?.['trace']).split('-')[1]);
  });

  it('keeps the country that the first gateway finds', async (test) => {
    const asks = PASSPORTS.passports.readerFor('studio');
    const running = await pair(test, {
      mounts: {
        'studio/uploads': (request, response, context) => {
          const passport = asks(askedBy(request, context));
          response.end(`${passport.country} ${passport.countryFrom}`);
        },
      },
      environments: { a: { BIOSCOPE_COUNTRY: 'DE' }, b: { BIOSCOPE_COUNTRY: 'FR' } },
    });
    await bridged(running);
    const answer = await ask(running.a, 'api', '/uploads/one', { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
    assert.equal(answer.body, 'DE setting');
  });

  it('carries bodies both ways as streams', async (test) => {
    const running = await pair(test, {
      mounts: {
        'studio/uploads': async (request, response) => {
          const hash = createHash('sha256');
          for await (const chunk of request) hash.update(chunk as Buffer);
          response.setHeader('etag', hash.digest('hex'));
          response.end(film);
        },
      },
    });
    const film = randomBytes(4 * 1024 * 1024 + 1);
    const sent = createHash('sha256').update(film).digest('hex');
    await bridged(running);
    const headers = { authorization: `Bearer ${OPERATOR_TOKEN}` };
    const answer = await ask(running.a, 'api', '/uploads/one', { method: 'PATCH', headers, body: film });
    assert.deepEqual([answer.status, answer.headers.etag, answer.body.length > 0], [200, sent, true]);
    await until('both log lines', () => running.a.lines.length === 1 && running.b.lines.length === 1);
    assert.deepEqual([running.a.lines[0]?.['bytesOut'], running.b.lines[0]?.['bytesOut']], [film.length, film.length]);
  });

  it('is crossed once, also when both regions hand everything to each other', async (test) => {
    const running = await pair(test);
    await bridged(running, [
      { name: 'a', bridgeShare: 1, bridgeTo: ['b'] },
      { name: 'b', bridgeShare: 1, bridgeTo: ['a'] },
    ]);
    assert.equal(await regionThatAnswers(running.a), 'b');
    await until('region b to hand over too', async () => (await regionThatAnswers(running.b)) === 'a');
  });
});

describe('a stranger at the bridge', () => {
  it('cannot say at the public door that a request was handed over', async (test) => {
    const running = await pair(test);
    const handover = JSON.stringify({
      from: 'b',
      clientAddress: '6.6.6.6',
      scheme: 'https',
      requestId: 'mine',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      country: 'US',
      countryFrom: 'address',
    });
    const { body } = await ask(running.a, 'app', '/', { headers: { 'bioscope-handover': handover } });
    const { headers } = JSON.parse(body) as { headers: Record<string, string> };
    assert.deepEqual([headers['x-forwarded-for'], headers['x-forwarded-proto']], ['127.0.0.1', 'http']);
    assert.notEqual(headers['x-request-id'], 'mine');
  });

  it('is not let in at the RPC listener: neither without a credential nor with another unit’s', async (test) => {
    const running = await pair(test);
    const path = `http://${running.a.rpcAddress}/http/gateway/bridge/`;
    assert.equal((await fetch(path, { headers: { 'bioscope-handover': '{}' } })).status, 401);
    const [name, value] = running.backends.a.host.as('web').upstream('gateway', { connectionsMax: 1 }).credential();
    assert.equal((await fetch(path, { headers: { [name]: value } })).status, 403);
  });
});

describe('a bridge that fails', () => {
  it('lets the region itself serve what surely was not run there, reads and calls', async (test) => {
    const running = await pair(test, { mounts: { 'identity/session': saysWhere('a') } });
    await bridged(running);
    // Nobody listens there any more, and discovery has not heard of it.
    await running.b.stop();
    const post = await ask(running.a, 'app', '/session/refresh', { method: 'POST', body: '{}' });
    assert.equal(post.status, 200);
    assert.equal(await regionThatAnswers(running.a), 'a');
    await until('the log lines', () => running.a.lines.length === 2);
    assert.deepEqual([running.a.lines[0]?.['attempts'], running.a.lines[0]?.['bridgedTo']], [2, undefined]);
  });

  it('lets the region itself read what broke off there, and repeats no change that may have happened', async (test) => {
    const running = await pair(test);
    await bridged(running);
    let hits = 0;
    const hangingUp = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => {
        hits += 1;
        socket.destroy();
      });
    }).listen(0, '127.0.0.1');
    await once(hangingUp, 'listening');
    test.after(() => hangingUp.close());
    const { port } = hangingUp.address() as AddressInfo;
    running.a.picture.pin({ service: 'gateway', address: `127.0.0.1:${port}`, region: 'c', zone: '1' });
    running.regions.say([{ name: 'a', bridgeShare: 1, bridgeTo: ['c'] }]);
    await until('the new picture', async () => (await regionThatAnswers(running.a)) === 'a' && hits > 0);
    // It is left out for a second after each failure.
    const before = hits;
    let status = 0;
    await until('a call to be handed over', async () => {
      ({ status } = await ask(running.a, 'app', '/session/refresh', { method: 'POST', body: '{}' }));
      return hits > before;
    });
    assert.deepEqual([status, hits], [502, before + 1]);
  });

  it('serves here what a gateway there has no instance for', async (test) => {
    const running = await pair(test);
    await bridged(running);
    const lonely = await startPair(test, { ...running.backends, regions: running.regions }, []);
    running.a.picture.pin({ service: 'gateway', address: lonely.b.rpcAddress, region: 'c', zone: '1' });
    running.regions.say([{ name: 'a', bridgeShare: 1, bridgeTo: ['c'] }]);
    await until('the new picture', async () => (await regionThatAnswers(running.a)) === 'a');
    assert.equal(await regionThatAnswers(running.a), 'a');
    await until('the other gateway to have been asked', () => lonely.b.lines.some((line) => line['outcome'] === 'upstream_absent'));
  });

  it('reads here what takes too long there', async (test) => {
    const waiting: ServerResponse[] = [];
    const running = await pair(test);
    await bridged(running);
    const slow = await startBackend(test, { 'web/': (_request, response) => void waiting.push(response) });
    const other = await startPair(test, { a: slow, b: slow, regions: running.regions }, ['web']);
    running.a.picture.pin({ service: 'gateway', address: other.b.rpcAddress, region: 'c', zone: '1' });
    running.regions.say([{ name: 'a', bridgeShare: 1, bridgeTo: ['c'] }]);
    await until(
      'the slow gateway to be asked and not waited for',
      async () => (await regionThatAnswers(running.a)) === 'a' && waiting.length > 0,
    );
  });
});

describe('what a gateway reports to regions', () => {
  it('counts where requests came, where they were answered, and whose fault it was', async (test) => {
    const running = await pair(test, {
      mounts: { 'studio/uploads': (_request, response) => void response.writeHead(500).end() },
    });
    await bridged(running);
    running.regions.reports.length = 0;
    const sums = (): Record<string, readonly number[]> =>
      Object.fromEntries(
        ['a', 'b'].map((region) => {
          const own = running.regions.reports.filter((report) => report.region === region);
          const sum = (of: (report: (typeof own)[number]) => number): number => own.reduce((total, report) => total + of(report), 0);
          return [
            region,
            [
              sum(({ requests }) => requests),
              sum((report) => report.bridged),
              sum(({ takenOver }) => takenOver),
              sum(({ errors }) => errors),
              sum(({ starts }) => starts),
              sum(({ startFailures }) => startFailures),
            ],
          ];
        }),
      );
    // What was asked before is told first.
    await until('a report with nothing', () =>
      ['a', 'b'].every((region) =>
        running.regions.reports.some((report) => report.region === region && report.requests + report.takenOver === 0),
      ),
    );
    running.regions.reports.length = 0;
    await ask(running.a, 'app', '/');
    await ask(running.a, 'api', '/uploads/one', { headers: { authorization: `Bearer ${OPERATOR_TOKEN}` } });
    await ask(running.a, 'play', START, { method: 'POST', body: '{}' });
    await ask(running.a, 'app', '/nowhere/../../..');
    await ask(running.b, 'play', START, { method: 'POST', body: '{}' });
    // Playback serves nothing in b, so that a, which handed it over, tries itself: a start that fails in both. The last path is refused at the door.
    await until('everything to be told', () => JSON.stringify(sums()) === JSON.stringify({ a: [3, 2, 0, 1, 1, 1], b: [1, 0, 3, 3, 2, 2] }));
    const latest = running.regions.reports.findLast((report) => report.region === 'a');
    assert.equal(latest?.address, `127.0.0.1:${running.a.port}`);
    assert.equal(latest?.zone, '1');
    assert(latest.load >= 0 && latest.load <= 1 && latest.overMs > 0);
  });

  it('names the address that clients know', async (test) => {
    const running = await pair(test, { environments: { b: { BIOSCOPE_GATEWAY_PUBLIC_ADDRESS: '[2001:db8::7]:443' } } });
    await until('both to report', () => ['a', 'b'].every((region) => running.regions.reports.some((report) => report.region === region)));
    assert.deepEqual([...new Set(running.regions.reports.map(({ address }) => address))].sort(), [
      `127.0.0.1:${running.a.port}`,
      '[2001:db8::7]:443',
    ]);
  });

  it('says once that it is leaving', async (test) => {
    const running = await pair(test);
    await running.a.stop();
    assert.deepEqual(
      running.regions.reports.filter(({ draining }) => draining).map(({ region }) => region),
      ['a'],
    );
  });
});
