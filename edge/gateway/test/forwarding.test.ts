import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { ask, OPERATOR_TOKEN, sendRaw, startBackend, startGateway, until } from './start-gateway.ts';
import type { Backend } from './start-gateway.ts';

const at = (backend: Backend, ...units: string[]): { service: string; address: string }[] =>
  units.map((service) => ({ service, address: backend.address }));
const AUTHORIZED = { authorization: `Bearer ${OPERATOR_TOKEN}` };

describe('a transfer that breaks off inside', () => {
  for (const framing of ['a stated length', 'chunks']) {
    it(`breaks off outside too, with ${framing}: never a short success`, async (test) => {
      const backend = await startBackend(test, {
        'web/': (_request, response) => {
          if (framing === 'a stated length') response.setHeader('content-length', '1000000');
          response.write('x'.repeat(100_000), () => response.destroy());
        },
      });
      const running = await startGateway(test, at(backend, 'web'));
      await assert.rejects(ask(running, 'app', '/film'), { code: 'ECONNRESET' });
      await until('the log line', () => running.lines.length === 1);
      assert.equal(running.lines[0]?.['outcome'], 'upstream_broke');
    });
  }

  it('stops the unit’s work when it is the client who goes away', async (test) => {
    let closed = false;
    const backend = await startBackend(test, {
      'web/': (_request, response) => {
        response.on('close', () => (closed = true));
        response.write('the beginning');
      },
    });
    const running = await startGateway(test, at(backend, 'web'));
    const request = httpRequest({ host: '127.0.0.1', port: running.port, headers: { host: 'app.localhost' } }).end();
    const [response] = (await once(request, 'response')) as [{ on(event: 'error', listener: () => void): void }];
    response.on('error', () => undefined);
    request.destroy();
    await until('the unit to hear of it', () => closed);
    await until('the log line', () => running.lines.length === 1);
    assert.equal(running.lines[0]?.['outcome'], 'client_gone');
  });
});

describe('a body', () => {
  it('of an upload streams to the unit as it comes, whole, and no faster than the unit takes it', async (test) => {
    const hash = createHash('sha256');
    let received = 0;
    let release: () => void = () => undefined;
    const backend = await startBackend(test, {
      'studio/uploads': async (request, response) => {
        await new Promise<void>((resolve) => (release = resolve));
        for await (const chunk of request) {
          hash.update(chunk as Buffer);
          received += (chunk as Buffer).length;
        }
        response.end(String(received));
      },
    });
    const running = await startGateway(test, at(backend, 'studio'));
    const piece = randomBytes(1024 * 1024);
    const pieces = 64;
    const sent = createHash('sha256');
    let taken = 0;
    const film = Readable.from(
      (function* () {
        for (; taken < pieces; taken += 1) {
          sent.update(piece);
          yield piece;
        }
      })(),
      { objectMode: false, highWaterMark: 1 },
    );
    const request = httpRequest({
      host: '127.0.0.1',
      port: running.port,
      path: '/uploads/one',
      method: 'PATCH',
      headers: { host: 'api.localhost', ...AUTHORIZED },
    });
    const answered = once(request, 'response') as Promise<[{ statusCode: number }]>;
    film.pipe(request);
    let before = -1;
    let quietSinceMs = performance.now();
    await until('the sockets between the two to fill up', () => {
      if (taken !== before) quietSinceMs = performance.now();
      before = taken;
      return performance.now() - quietSinceMs > 300;
    });
    assert(taken < pieces / 2, `${taken} MiB were taken while the unit took none`);
    release();
    const [{ statusCode }] = await answered;
    assert.deepEqual([statusCode, received, hash.digest('hex')], [200, pieces * piece.length, sent.digest('hex')]);
    request.destroy();
  });

  it('of a call is refused when it is larger than calls are, announced or not', async (test) => {
    const backend = await startBackend(test, {});
    const running = await startGateway(test, at(backend, 'playback'));
    const path = '/bioscope.playback.v1.PlaybackService/Heartbeat';
    const announced = await ask(running, 'play', path, { method: 'POST', body: 'x'.repeat(70_000) });
    assert.equal(announced.status, 413);
    const head = `POST ${path} HTTP/1.1\r\nHost: play.localhost\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const chunked = await sendRaw(running, `${head}11170\r\n${'x'.repeat(70_000)}\r\n`, 2_000);
    assert.match(chunked.received, /^HTTP\/1\.1 413 /);
  });

  it('that a unit stops reading gets the client the unit’s answer', async (test) => {
    const backend = await startBackend(test, {
      'studio/uploads': (_request, response) => {
        response.writeHead(409, { 'content-length': '8' });
        response.end('conflict');
      },
    });
    const running = await startGateway(test, at(backend, 'studio'));
    const answer = await ask(running, 'api', '/uploads/one', { method: 'PATCH', headers: AUTHORIZED, body: 'x'.repeat(1_000) });
    assert.deepEqual([answer.status, answer.body], [409, 'conflict']);
  });
});

describe('when a unit fails', () => {
  it('a read goes to another instance, and a change that may have happened does not', async (test) => {
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
    const broken = `127.0.0.1:${(hangingUp.address() as AddressInfo).port}`;
    const backend = await startBackend(test, { 'catalog/artwork': (_request, response) => void response.end('there') });
    const running = await startGateway(test, [
      ...at(backend, 'catalog'),
      { service: 'catalog', address: broken },
      { service: 'playback', address: broken },
    ]);
    for (let n = 0; n < 12; n += 1) assert.equal((await ask(running, 'api', '/artwork/one')).body, 'there');
    assert(hits > 0, 'the broken instance was tried');
    hits = 0;
    const change = await ask(running, 'play', '/bioscope.playback.v1.PlaybackService/Heartbeat', { method: 'POST', body: '{}' });
    assert.deepEqual([change.status, hits], [502, 1]);
  });

  it('an answer that does not begin in time is 504', async (test) => {
    const backend = await startBackend(test, { 'web/': () => undefined });
    const running = await startGateway(test, at(backend, 'web'), { BIOSCOPE_GATEWAY_HEAD_TIMEOUT_MS: '200' });
    const answer = await ask(running, 'app', '/');
    assert.deepEqual([answer.status, (JSON.parse(answer.body) as { code: string }).code], [504, 'deadline_exceeded']);
    await until('the log line', () => running.lines.length === 1);
    assert.equal(running.lines[0]?.['outcome'], 'upstream_slow');
  });
});

describe('a unit that is gone in the own region', () => {
  const says = (where: string) => ({ 'web/': (_request: unknown, response: ServerResponse) => void response.end(where) });
  const at = ({ address }: Backend, region: string) => ({ service: 'web', address, region, zone: '1' });

  it('is asked in another one: when none is known here, and when none here answers', async (test) => {
    const [here, there] = await Promise.all([startBackend(test, says('here')), startBackend(test, says('there'))]);
    const running = await startGateway(test, [at(there, 'b')], { BIOSCOPE_REGION: 'a' });
    assert.equal((await ask(running, 'app', '/')).body, 'there');
    running.picture.pin(at(here, 'a'));
    assert.equal((await ask(running, 'app', '/')).body, 'here');
    await here.host.close();
    const answer = await ask(running, 'app', '/');
    assert.deepEqual([answer.status, answer.body], [200, 'there']);
  });
});

describe('one host that drowns', () => {
  it('is answered 503 at once beyond its limit, while the others go on', async (test) => {
    const waiting: ServerResponse[] = [];
    const backend = await startBackend(test, {
      'web/': (_request, response) => void waiting.push(response),
      'playback/sessions': (_request, response) => void response.end('plays'),
      'catalog/artwork': (_request, response) => void response.end('shows'),
    });
    const running = await startGateway(test, at(backend, 'web', 'playback', 'catalog'), { BIOSCOPE_GATEWAY_APP_MAX: '20' });
    const drowning = Array.from({ length: 20 }, () => ask(running, 'app', '/slow'));
    await until('the app to be full', () => waiting.length === 20);
    const shed = await ask(running, 'app', '/');
    assert.deepEqual([shed.status, shed.headers['retry-after']], [503, '1']);
    assert.equal((await ask(running, 'play', '/sessions/one')).body, 'plays');
    assert.equal((await ask(running, 'api', '/artwork/one')).body, 'shows');
    for (const response of waiting.splice(0)) response.end('late');
    assert.deepEqual(new Set((await Promise.all(drowning)).map((answer) => answer.body)), new Set(['late']));
    const next = ask(running, 'app', '/');
    await until('the next request to get through', () => waiting.length === 1);
    waiting[0]?.end('again');
    assert.equal((await next).body, 'again');
    await until('the counts', async () =>
      /bioscope_gateway_requests_total\{host="app",route="app",outcome="shed"\} 1/.test(await running.metrics()),
    );
  });
});

describe('draining', () => {
  it('finishes what is under way, cuts long polls short and takes nothing new', async (test) => {
    let slowResponse: ServerResponse | undefined;
    let polling = 0;
    const backend = await startBackend(test, { 'web/': (_request, response) => void (slowResponse = response) });
    const poll = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => (polling += 1));
    }).listen(0, '127.0.0.1');
    await once(poll, 'listening');
    test.after(() => poll.close());
    const running = await startGateway(test, [
      ...at(backend, 'web'),
      { service: 'studio', address: `127.0.0.1:${(poll.address() as AddressInfo).port}` },
    ]);
    const slow = ask(running, 'app', '/');
    const polled = ask(running, 'api', '/bioscope.studio.v1.StudioService/WatchWork', { method: 'POST', headers: AUTHORIZED, body: '{}' });
    await until('both to be under way', () => slowResponse !== undefined && polling === 1);
    const stopped = running.stop();
    assert.equal((await polled).status, 503);
    slowResponse?.end('finished');
    const answer = await slow;
    assert.deepEqual([answer.status, answer.body], [200, 'finished']);
    await stopped;
    await assert.rejects(ask(running, 'app', '/'), { code: 'ECONNREFUSED' });
  });
});
