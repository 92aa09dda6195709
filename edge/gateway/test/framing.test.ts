import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { sendRaw, startBackend, startGateway } from './start-gateway.ts';
import type { RunningGateway } from './start-gateway.ts';

/** A gateway in front of a unit that notes every request it sees. */
async function start(test: TestContext): Promise<{ running: RunningGateway; seen: string[] }> {
  const seen: string[] = [];
  const backend = await startBackend(test, {
    'web/': (request, response, context) => {
      seen.push(`${request.method} ${context.path}`);
      response.end('fine');
    },
  });
  return {
    running: await startGateway(
      test,
      ['web', 'playback'].map((service) => ({ service, address: backend.address })),
    ),
    seen,
  };
}

const HOST = 'Host: app.localhost\r\n';
/** To a route that takes a POST from anybody. */
const POST =
  'POST /bioscope.playback.v1.PlaybackService/StartSession HTTP/1.1\r\nHost: play.localhost\r\nContent-Type: application/json\r\n';
const POST_1_0 = POST.replace('HTTP/1.1', 'HTTP/1.0');
/** What an attacker would smuggle behind the first request. */
const SECOND = `GET /smuggled HTTP/1.1\r\n${HOST}\r\n`;

const AMBIGUOUS: Readonly<Record<string, string>> = {
  'length beside chunked': `${POST}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'chunked beside length': `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`,
  'two different lengths': `${POST}Content-Length: 0\r\nContent-Length: 40\r\n\r\n`,
  'the same length twice': `${POST}Content-Length: 0\r\nContent-Length: 0\r\n\r\n`,
  'a list of lengths': `${POST}Content-Length: 0, 40\r\n\r\n`,
  'a signed length': `${POST}Content-Length: +0\r\n\r\n`,
  'a hexadecimal length': `${POST}Content-Length: 0x0\r\n\r\n`,
  'a length of twenty digits': `${POST}Content-Length: 18446744073709551616\r\n\r\n`,
  'an empty length': `${POST}Content-Length: \r\n\r\n`,
  'a coding before chunked': `${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
  'an unknown coding': `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  'chunked twice': `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'chunked in HTTP/1.0': `${POST_1_0}Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n`,
  'a space before the colon': `${POST}Content-Length : 4\r\n\r\n`,
  'a folded header': `${POST}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`,
  'a bare line feed in the head': `GET / HTTP/1.1\n${HOST}\r\n`,
  'a bare carriage return in a value': `GET / HTTP/1.1\r\n${HOST}X: a\rContent-Length: 4\r\n\r\n`,
  'a NUL in a value': `GET / HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`,
  'a parenthesis in a name': `GET / HTTP/1.1\r\n${HOST}X(: a\r\n\r\n`,
  'a bad chunk size': `${POST}Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n`,
  'a chunk that ends in a bare line feed': `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\na\n0\r\n\r\n`,
  'no host': 'GET / HTTP/1.1\r\n\r\n',
  'two hosts': `GET / HTTP/1.1\r\n${HOST}Host: play.localhost\r\n\r\n`,
  'an absolute target': `GET http://play.localhost/ HTTP/1.1\r\n${HOST}\r\n`,
  'an unknown version': `GET / HTTP/9.9\r\n${HOST}\r\n`,
  'an asterisk that is not OPTIONS': `GET * HTTP/1.1\r\n${HOST}\r\n`,
  'a tunnel': `CONNECT app.localhost:80 HTTP/1.1\r\n${HOST}\r\n`,
};

describe('the gateway on ambiguous framing', () => {
  for (const [name, bytes] of Object.entries(AMBIGUOUS)) {
    it(`hangs up on ${name}, without an answer and without a second request`, async (test) => {
      const { running, seen } = await start(test);
      const { received, closed } = await sendRaw(running, `${bytes}${SECOND}`, 2_000);
      assert.deepEqual({ received, closed, seen }, { received: '', closed: true, seen: [] });
    });
  }

  it('answers honest requests of the same kinds (so that the above proves something)', async (test) => {
    const { running, seen } = await start(test);
    for (const framing of ['Content-Length: 2\r\n\r\n{}', 'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n']) {
      assert.match((await sendRaw(running, `${POST}${framing}`)).received, /^HTTP\/1\.1 503 [^]*"playback\\" is still starting here/);
    }
    const { received } = await sendRaw(running, `GET /first HTTP/1.1\r\n${HOST}\r\n${SECOND}`);
    assert.equal((received.match(/HTTP\/1\.1 200/g) ?? []).length, 2);
    assert.deepEqual(seen, ['GET /first', 'GET /smuggled']);
  });

  it('refuses a body where none is expected and ends the connection, so that it cannot become a request', async (test) => {
    const { running, seen } = await start(test);
    const { received, closed } = await sendRaw(
      running,
      `GET / HTTP/1.1\r\n${HOST}Content-Length: ${SECOND.length}\r\n\r\n${SECOND}`,
      2_000,
    );
    assert.match(received, /^HTTP\/1\.1 400 /);
    assert.equal(closed, true);
    assert.deepEqual(seen, []);
  });

  it('ignores an h2c upgrade and refuses a WebSocket', async (test) => {
    const { running } = await start(test);
    const h2c = await sendRaw(
      running,
      `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
    );
    assert.match(h2c.received, /^HTTP\/1\.1 200 /);
    const socket = await sendRaw(
      running,
      `GET / HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: x\r\n\r\n`,
    );
    assert.match(socket.received, /^HTTP\/1\.1 501 /);
  });

  it('answers 431 to a head that is too large', async (test) => {
    const { running } = await start(test);
    const { received, closed } = await sendRaw(running, `GET / HTTP/1.1\r\n${HOST}X: ${'a'.repeat(20_000)}\r\n\r\n`, 2_000);
    assert.match(received, /^HTTP\/1\.1 431 /);
    assert.equal(closed, true);
  });
});
