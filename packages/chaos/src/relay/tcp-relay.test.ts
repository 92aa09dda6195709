import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import * as fc from 'fast-check';
import { departureOf, UNIMPAIRED } from './impairment.ts';
import { startTcpRelay } from './tcp-relay.ts';

/** An echo server behind a relay. */
async function start(test: TestContext, random: () => number = () => 0.5) {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => undefined);
    socket.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay = await startTcpRelay({
    listen: { host: '127.0.0.1', port: 0 },
    to: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    random,
  });
  test.after(async () => {
    await relay.close();
    server.close();
  });
  const dial = async (): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port: Number(relay.address.split(':')[1]) });
    test.after(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  return { relay, dial };
}

async function echo(socket: Socket, bytes: Buffer): Promise<{ text: Buffer; ms: number }> {
  const startedAtMs = performance.now();
  const pieces: Buffer[] = [];
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  socket.end(bytes);
  await once(socket, 'end');
  return { text: Buffer.concat(pieces), ms: performance.now() - startedAtMs };
}

const LARGE = Buffer.alloc(3_000_000, 'abcdefg');

describe('the TCP relay', () => {
  it('passes everything on unchanged, both ways and both ends', async (test) => {
    const { dial } = await start(test);
    assert((await echo(await dial(), LARGE)).text.equals(LARGE));
  });

  it('holds back by latency and bandwidth, and still loses and reorders nothing', async (test) => {
    const { relay, dial } = await start(test);
    relay.set({ ...UNIMPAIRED, latencyMs: 100 });
    assert((await echo(await dial(), Buffer.from('x'))).ms >= 190);
    relay.set({ ...UNIMPAIRED, jitterMs: 20, bytesPerSecond: 10_000_000 });
    const { text, ms } = await echo(await dial(), LARGE);
    assert(text.equals(LARGE));
    // Timers may fire a moment early.
    assert(ms >= 285, `${ms}`);
  });

  it('changes open connections: resets them, or lets nothing through any more', async (test) => {
    const { relay, dial } = await start(test);
    const one = await dial();
    one.write('x');
    await once(one, 'data');
    relay.set({ ...UNIMPAIRED, stallShare: 1 });
    let heard = false;
    one.on('data', () => (heard = true));
    one.write('y');
    relay.set(UNIMPAIRED);
    const two = await dial();
    two.write('x');
    await once(two, 'data');
    relay.set({ ...UNIMPAIRED, resetShare: 1 });
    const [error] = (await once(two, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
    assert.equal(heard, false);
    assert.equal(one.destroyed, false, 'who stalls is not told');
  });

  it('ends one side when the other ends', async (test) => {
    const { relay, dial } = await start(test);
    const socket = await dial();
    socket.write('x');
    await once(socket, 'data');
    socket.destroy();
    const deadlineAtMs = performance.now() + 5_000;
    while (relay.connections() > 0 && performance.now() < deadlineAtMs) await new Promise((resolve) => setTimeout(resolve, 5));
    assert.equal(relay.connections(), 0);
  });
});

describe('departureOf', () => {
  it('never lets a piece leave before it came, before its latency, or before those ahead of it', () => {
    fc.assert(
      fc.property(
        fc.record({ arrivedAtMs: fc.nat(10_000), bytes: fc.nat(100_000), previousAtMs: fc.nat(12_000) }),
        fc.record({
          latencyMs: fc.nat(500),
          jitterMs: fc.nat(100),
          bytesPerSecond: fc.option(fc.integer({ min: 1_000, max: 1e7 }), { nil: undefined }),
        }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (piece, { bytesPerSecond, ...rest }, draw) => {
          const limit = bytesPerSecond === undefined ? {} : { bytesPerSecond };
          const atMs = departureOf(piece, { ...UNIMPAIRED, ...rest, ...limit }, () => draw);
          assert(atMs >= piece.arrivedAtMs + rest.latencyMs && atMs >= piece.previousAtMs);
          if (bytesPerSecond !== undefined) assert(atMs >= piece.previousAtMs + (piece.bytes / bytesPerSecond) * 1_000 - 1e-6);
        },
      ),
      { numRuns: 300 },
    );
  });
});
