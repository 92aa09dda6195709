import assert from 'node:assert/strict';
import { Agent, request as httpRequest } from 'node:http';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { startBackend, startGateway, until } from './start-gateway.ts';
import type { Backend, RunningGateway } from './start-gateway.ts';

const CLIENTS = 32;
const RESTARTS = 2;

/** A port that was free a moment ago: the gateways of this test share it by its number. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function startSharing(test: TestContext, backend: Backend, port: number): Promise<RunningGateway> {
  return startGateway(test, [{ service: 'web', address: backend.address }], {
    BIOSCOPE_PORT: String(port),
    BIOSCOPE_GATEWAY_SHARES_PORT: '1',
  });
}

type Seen = { answered: number; repeated: number; failed: string[]; connections: Set<number> };

/** One request after another on connections that are kept, as a browser does: repeated once when its connection ended before a byte of the answer. */
async function keepAsking(port: number, agent: Agent, seen: Seen, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    try {
      await get(port, agent, seen).catch((fault: NodeJS.ErrnoException) => {
        if (fault.code !== 'ECONNRESET' || fault.message.includes('aborted')) throw fault;
        seen.repeated += 1;
        return get(port, agent, seen);
      });
      seen.answered += 1;
    } catch (fault) {
      seen.failed.push(String(fault));
    }
  }
}

function get(port: number, agent: Agent, seen: Seen): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, agent, headers: { host: 'app.localhost' } }, (response) => {
      seen.connections.add(response.socket.localPort ?? 0);
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('error', reject);
      response.on('end', () =>
        response.statusCode === 200 && body === 'x'.repeat(2_000) ? resolve() : reject(new Error(`${response.statusCode} ${body}`)),
      );
    });
    request.on('error', reject);
    request.end();
  });
}

describe('a gateway that another one takes over from', () => {
  it('loses no request of clients that keep their connections', async (test) => {
    // Some milliseconds, so that there is always something under way.
    const backend = await startBackend(test, { 'web/': (_request, response) => void setTimeout(() => response.end('x'.repeat(2_000)), 5) });
    const port = await freePort();
    let running = await startSharing(test, backend, port);
    const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
    test.after(() => agent.destroy());
    const seen: Seen = { answered: 0, repeated: 0, failed: [], connections: new Set() };
    let over = false;
    const clients = Array.from({ length: CLIENTS }, () => keepAsking(port, agent, seen, () => over));
    for (let restarts = 0; restarts < RESTARTS; restarts += 1) {
      const before = seen.answered;
      await until('the clients to be at it', () => seen.answered > before + CLIENTS);
      const next = await startSharing(test, backend, port);
      await running.stop();
      running = next;
    }
    const after = seen.answered;
    await until('the last one to serve', () => seen.answered > after + CLIENTS);
    over = true;
    await Promise.all(clients);
    assert.deepEqual(seen.failed, []);
    // Calls that change something are not repeated by a browser: connections are not closed under requests, but for what a busy machine does to a few.
    assert(seen.repeated < CLIENTS / 4, `${seen.repeated} requests met a closed connection`);
    assert(seen.connections.size > CLIENTS, 'the clients never had to change their connections: nothing was shown');
  });

  it('says on its last answers that they are the last, and closes resting connections only later', async (test) => {
    const backend = await startBackend(test, { 'web/': (_request, response) => void response.end('fine') });
    const running = await startSharing(test, backend, await freePort());
    const [asking, resting] = [open(test, running), open(test, running)];
    for (const each of [asking, resting]) each.ask();
    await until('both to be answered', () => [asking, resting].every((each) => each.text().endsWith('fine')));
    assert.doesNotMatch(asking.text(), /connection: close/i);
    const stopped = running.stop();
    await until('the door to be closed', async () => (await refused(running.port)) && !resting.isClosed());
    asking.ask();
    await until('the last answer', () => asking.isClosed());
    assert.match(asking.text(), /fineHTTP\/1\.1 200 [^]*connection: close[^]*fine$/i);
    assert.equal(resting.isClosed(), false);
    await stopped;
    await until('the resting connection to be closed', () => resting.isClosed());
    assert.doesNotMatch(resting.text(), /fine.+/);
  });
});

type Connection = { ask(): void; text(): string; isClosed(): boolean };

function open(test: TestContext, { port }: RunningGateway): Connection {
  const socket = connect(port, '127.0.0.1');
  test.after(() => socket.destroy());
  let text = '';
  let closed = false;
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.on('error', () => undefined);
  socket.on('close', () => (closed = true));
  return {
    ask: () => void socket.write('GET / HTTP/1.1\r\nHost: app.localhost\r\n\r\n'),
    text: () => text,
    isClosed: () => closed,
  };
}

function refused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}
