import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { createWires, type Outcome, type Wires } from './wires.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** A server that does with each request what the test says; `sockets` are the connections in the order they came. */
async function serve(test: TestContext, onRequest: (socket: Socket, text: string, nth: number) => void) {
  const sockets: Socket[] = [];
  let requests = 0;
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {}).on('data', (data) => onRequest(socket, data.toString('latin1'), ++requests));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, sockets };
}

function ask(wires: Wires, address: string, body = new Uint8Array()): { outcome: Promise<Outcome>; abandon: () => void } {
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  return { outcome: promise, abandon: wires.send(address, { path: '/x', headers: 'a: b\r\n', body, answerBytesMax: 1024 }, resolve) };
}

function open(test: TestContext, connectionsMax: number): Wires {
  const wires = createWires({ connectionsMax });
  test.after(() => wires.close());
  return wires;
}

describe('connections for unary calls', () => {
  it('send head and body as they are, and are used again', async (test) => {
    const seen: string[] = [];
    const { address, sockets } = await serve(test, (socket, text) => {
      seen.push(text);
      socket.write(OK);
    });
    const wires = open(test, 4);
    await ask(wires, address, Uint8Array.of(0, 255, 10)).outcome;
    const second = await ask(wires, address).outcome;
    assert.equal(seen[0], `POST /x HTTP/1.1\r\nhost: ${address}\r\na: b\r\ncontent-length: 3\r\n\r\n\u0000\u00ff\n`);
    assert.deepEqual([second.kind, sockets.length], ['answer', 1]);
  });

  it('are at most as many as allowed; the rest waits its turn', async (test) => {
    const { address, sockets } = await serve(test, (socket) => setImmediate(() => socket.write(OK)));
    const wires = open(test, 2);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => ask(wires, address).outcome));
    assert.deepEqual([outcomes.filter(({ kind }) => kind === 'answer').length, sockets.length], [20, 2]);
  });

  it('tell a request that was never sent from one in doubt', async (test) => {
    const { address } = await serve(test, (socket) => socket.destroy());
    const wires = open(test, 2);
    const doubtful = await ask(wires, address).outcome;
    const never = await ask(wires, '127.0.0.1:1').outcome;
    assert.deepEqual([doubtful.kind === 'broken' && doubtful.sent, never.kind === 'broken' && !never.sent], [true, true]);
  });

  it('are replaced when an answer makes no sense, or says that it was the last', async (test) => {
    const { address, sockets } = await serve(test, (socket, _text, nth) =>
      socket.write(nth === 1 ? 'nonsense\r\n\r\n' : nth === 2 ? OK.replace('\r\n', '\r\nconnection: close\r\n') : OK),
    );
    const wires = open(test, 1);
    const kinds = [];
    for (let call = 0; call < 3; call += 1) kinds.push((await ask(wires, address).outcome).kind);
    assert.deepEqual([kinds, sockets.length], [['broken', 'answer', 'answer'], 3]);
  });

  it('are given up with an abandoned request, which is never answered; who waits goes on', async (test) => {
    const { address, sockets } = await serve(test, (socket, _text, nth) => nth > 1 && socket.write(OK));
    const wires = open(test, 1);
    const first = ask(wires, address);
    const waiting = ask(wires, address);
    const later = ask(wires, address);
    waiting.abandon();
    while (sockets.length === 0) await tick();
    first.abandon();
    assert.equal((await later.outcome).kind, 'answer');
    const settled = await Promise.race([first.outcome, waiting.outcome, tick()]);
    assert.equal(settled, undefined);
  });

  it('are let go when an address leaves the picture, without breaking what is under way', async (test) => {
    let answer = (): void => {};
    const { address, sockets } = await serve(test, (socket) => (answer = () => socket.write(OK)));
    const wires = open(test, 1);
    const call = ask(wires, address);
    while (sockets.length === 0) await tick();
    await once(sockets[0] as Socket, 'data');
    wires.keepOnly(new Set());
    const closed = once(sockets[0] as Socket, 'close');
    answer();
    assert.equal((await call.outcome).kind, 'answer');
    await closed;
  });
});

function tick(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
