import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { gzipSync } from 'node:zlib';
import { request } from 'undici';
import { EchoService } from '../contract/index.ts';
import { echoHandlers } from './echo.ts';
import { startHost } from './start-host.ts';

const PATH = '/bioscope.echo.v1.EchoService/Echo';

async function start(test: TestContext): Promise<string> {
  const server = await startHost(test, ['echo', 'idle']);
  server.as('echo').serve(EchoService, echoHandlers(), { '*': [''] });
  return server.address;
}

type Sent = { path?: string; method?: 'POST' | 'GET'; headers?: Record<string, string>; body?: string | Buffer };

async function send(
  address: string,
  { path = PATH, method = 'POST', headers = {}, body = '{}' }: Sent,
): Promise<{ status: number; body: string; code: string }> {
  const answer = await request(`http://${address}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'POST' ? { body } : {}),
  });
  const text = await answer.body.text();
  const code = /"code":"(\w+)"/.exec(text)?.[1] ?? '';
  return { status: answer.statusCode, body: text, code };
}

/** Sends bytes as they are and waits until the server closes. */
function sendRaw(address: string, bytes: string): Promise<string> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), host, () => socket.end(bytes));
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}

const MIB = 1_048_576;
const CHUNK = `${MIB.toString(16)}\r\n${' '.repeat(MIB)}\r\n`;

/** Sends chunks of a body without end, as fast as they are taken, and answers how many bytes went out before the connection broke (at most 256 MiB). */
function flood(address: string, head: string): Promise<number> {
  const [host = '', port = ''] = address.split(':');
  return new Promise((resolve) => {
    const socket = connect(Number(port), host, () => {
      socket.write(head);
      const more = (): void => {
        while (socket.writable && socket.bytesWritten < 256 * MIB) if (!socket.write(CHUNK)) return;
        socket.end();
      };
      socket.on('drain', more);
      more();
    });
    // The reset that we wait for.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(socket.bytesWritten));
    socket.resume();
  });
}

describe('the RPC server on bad input', () => {
  it('names the field that cannot be read', async (test) => {
    const answer = await send(await start(test), { body: '{"number":"a lot"}' });
    assert.deepEqual([answer.status, answer.code], [400, 'invalid_argument']);
    assert.match(answer.body, /bioscope\.echo\.v1\.EchoRequest.*number/);
  });

  it('refuses bodies that are not what they say', async (test) => {
    const address = await start(test);
    const proto = { 'content-type': 'application/proto' };
    for (const sent of [
      { body: 'not json' },
      { body: '[1]' },
      { body: Buffer.from([0x0a, 0x7f, 0x61]), headers: proto },
      { body: Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), headers: proto },
      { body: 'not gzip', headers: { 'content-encoding': 'gzip' } },
    ]) {
      const answer = await send(address, sent);
      assert.deepEqual([answer.status, answer.code], [400, 'invalid_argument'], answer.body);
    }
  });

  it('takes an empty JSON body for an empty message, and passes over fields it does not know', async (test) => {
    const address = await start(test);
    assert.equal((await send(address, { body: '' })).status, 200);
    assert.equal((await send(address, { body: '{"new":1}' })).status, 200);
    assert.equal((await send(address, { headers: { 'content-type': 'application/json; charset=utf-8' } })).status, 200);
  });

  it('says which content types and encodings it speaks', async (test) => {
    const address = await start(test);
    assert.equal((await send(address, { headers: { 'content-type': 'text/plain' } })).status, 415);
    assert.equal((await send(address, { headers: { 'content-type': 'application/json; charset=latin1' } })).status, 415);
    const brotli = await send(address, { headers: { 'content-encoding': 'br' } });
    assert.deepEqual([brotli.status, brotli.code], [501, 'unimplemented']);
    assert.equal((await send(address, { method: 'GET' })).status, 405);
  });

  it('checks the protocol’s headers', async (test) => {
    const address = await start(test);
    for (const headers of [
      { 'connect-protocol-version': '2' },
      { 'connect-timeout-ms': '-1' },
      { 'connect-timeout-ms': '12345678901' },
      { 'connect-timeout-ms': '1s' },
    ]) {
      assert.equal((await send(address, { headers })).code, 'invalid_argument', JSON.stringify(headers));
    }
  });

  it('refuses what is too large: announced, sent in chunks, or blown up by gzip', async (test) => {
    const address = await start(test);
    const large = Buffer.alloc(17 * 1024 * 1024, 0x20);
    const bomb = await send(address, { body: gzipSync(large), headers: { 'content-encoding': 'gzip' } });
    assert.deepEqual([bomb.status, bomb.code], [429, 'resource_exhausted']);
    const head = `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
    assert.match(await sendRaw(address, `${head}content-length: 17825792\r\n\r\n`), /^HTTP\/1\.1 429 [^]*"resource_exhausted"/);
    const written = await flood(address, `${head}transfer-encoding: chunked\r\n\r\n`);
    assert(written < 64 * MIB, 'the connection ended long before the sender did');
  });

  it('survives requests that break off, and goes on answering', async (test) => {
    const address = await start(test);
    const head = `POST ${PATH} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n`;
    await sendRaw(address, `${head}content-length: 100\r\n\r\n{"te`);
    await sendRaw(address, `${head}transfer-encoding: chunked\r\n\r\n5\r\n{"te`);
    await sendRaw(address, `${head}content-length: x\r\n\r\n`);
    assert.equal((await send(address, {})).status, 200);
  });

  it('tells an unknown method from a unit that is still starting', async (test) => {
    const address = await start(test);
    assert.equal((await send(address, { path: '/bioscope.echo.v1.EchoService/Nothing' })).code, 'unimplemented');
    assert.equal((await send(address, { path: '/bioscope.idle.v1.IdleService/Do' })).code, 'unavailable');
  });
});
