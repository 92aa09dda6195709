import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { ClientNetwork } from '../src/steer/port.ts';
import { createClientAddresses } from '../src/transport/client-addresses.ts';
import { createRateLimiter } from '../src/protect/rate-limiter.ts';
import { createCookies } from '../src/protect/cookies.ts';
import { createResponder } from '../src/respond.ts';
import { listenTcp } from '../src/transport/listen-tcp.ts';
import type { TcpLimits } from '../src/transport/listen-tcp.ts';
import { OPTION, RCODE } from '../src/wire/numbers.ts';
import { queryPacket } from './query-packet.ts';
import type { Asked } from './query-packet.ts';
import { readMessage } from './read-message.ts';
import type { ReadAnswer } from './read-message.ts';
import { startTestServer } from './running-server.ts';
import type { TestServer } from './running-server.ts';
import { testSteering, testZone } from './test-zone.ts';

const DEADLINE_MS = 5_000;

describe('by UDP', () => {
  it('every address answers, each asker by its own address', async (test) => {
    const seen: ClientNetwork[] = [];
    const server = await startTestServer(test, { steering: testSteering(seen) }, ['127.1.0.53', '127.2.0.53', '::1']);
    for (const [to, from] of [
      ['127.1.0.53', '127.101.0.9'],
      ['127.2.0.53', '127.102.3.4'],
      ['::1', '::1'],
    ] as const) {
      const [answer] = await askUdp(server, [{}], { to, from });
      assert.equal(answer?.rcode, RCODE.NOERROR);
    }
    assert.deepEqual(
      seen.map((client) => [client.family, client.from, [...client.address]]),
      [
        [1, 'resolver', [127, 101, 0, 9]],
        [1, 'resolver', [127, 102, 3, 4]],
        [2, 'resolver', [...Array.from({ length: 15 }, () => 0), 1]],
      ],
    );
    assert.deepEqual(server.faults, []);
    assert.match(await server.metrics(), /bioscope_dns_answers_total\{transport="udp",rcode="NOERROR"\} 3/);
  });

  it('a flood of equal answers to one network is cut down; every other left one says to come by TCP', async (test) => {
    const server = await startTestServer(test, { rateLimits: { perSecond: 5, slip: 2, exempt: [], seed: 7 }, nowMs: () => 1_000_000 });
    const answers = await askUdp(
      server,
      Array.from({ length: 25 }, (_, id) => ({ id })),
      { expected: 15 },
    );
    assert.equal(answers.filter((answer) => answer.answers.length > 0).length, 5);
    assert.equal(answers.filter((answer) => answer.flags.tc && answer.answers.length === 0).length, 10);
    assert.match(await server.metrics(), /bioscope_dns_left_out_total\{why="limited"\} 10/);
  });

  it('whoever shows a cookie of ours is not limited; who could show one is asked for it', async (test) => {
    const server = await startTestServer(test, { rateLimits: { perSecond: 1, slip: 1, exempt: [], seed: 7 }, nowMs: () => 1_000_000 });
    const cookie = [1, 2, 3, 4, 5, 6, 7, 8];
    const [first, second] = await askUdp(
      server,
      [1, 2].map((id) => ({ id, edns: { options: [[OPTION.COOKIE, cookie] as const] } })),
    );
    assert.deepEqual([first?.rcode, second?.rcode, second?.answers.length], [RCODE.NOERROR, RCODE.BADCOOKIE, 0]);
    const given = second?.edns?.options.get(OPTION.COOKIE) ?? new Uint8Array();
    const more = await askUdp(
      server,
      [3, 4, 5].map((id) => ({ id, edns: { options: [[OPTION.COOKIE, given] as const] } })),
    );
    assert.deepEqual(
      more.map((answer) => [answer.rcode, answer.answers.length]),
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
    );
  });

  it('noise is passed over, and the next query is answered', async (test) => {
    const server = await startTestServer(test);
    const noise = Array.from({ length: 50 }, (_, i) => new Uint8Array(i));
    const answers = await askUdp(server, [...noise, { id: 7 }], { expected: 39 });
    assert.equal(answers.at(-1)?.id, 7);
    assert.deepEqual(server.faults, []);
  });
});

describe('by TCP', () => {
  it('queries in one piece or byte by byte are answered in their order', async (test) => {
    const server = await startTestServer(test);
    const socket = await connectTo(test, server.port);
    const ids = Array.from({ length: 200 }, (_, id) => id);
    const bytes = Buffer.concat(
      ids.map((id) => framed({ id, name: id % 2 === 0 ? 'huge.bioscope.test' : 'app.bioscope.test', type: id % 2 === 0 ? 16 : 1 })),
    );
    const answers = readFrames(socket, ids.length + 1);
    socket.write(bytes);
    for (const byte of framed({ id: 999 })) socket.write(Uint8Array.of(byte));
    assert.deepEqual(
      (await answers).map((answer) => answer.id),
      [...ids, 999],
    );
  });

  it('who asks without reading is not read from, and gets everything when he does', async (test) => {
    const server = await startTestServer(test);
    const socket = await connectTo(test, server.port);
    socket.pause();
    const count = 300;
    socket.write(Buffer.concat(Array.from({ length: count }, (_, id) => framed({ id, name: 'huge.bioscope.test', type: 16 }))));
    const answers = await readFrames(socket, count);
    assert.deepEqual(
      answers.map((answer) => answer.id),
      Array.from({ length: count }, (_, id) => id),
    );
  });

  it('an announced query that is too long, and what is no query, end the connection', async (test) => {
    const server = await startTestServer(test);
    for (const bytes of [Buffer.of(0xff, 0xff, 1), Buffer.concat([Buffer.of(0, 3), Buffer.of(1, 2, 3)])]) {
      const socket = await connectTo(test, server.port);
      socket.write(bytes);
      await closed(socket);
    }
  });

  it('silent connections end, and so do those that only drip', async (test) => {
    const port = await startTcp(test, { connectionsMax: 8, connectionsPerClientMax: 8, idleMs: 100 });
    const silent = await connectTo(test, port);
    const dripping = await connectTo(test, port);
    const drip = setInterval(() => dripping.write(Uint8Array.of(0)), 20);
    test.after(() => clearInterval(drip));
    await Promise.all([closed(silent), closed(dripping)]);
  });

  it('of one address only so many connect; when all places are taken, who was silent longest gives way', async (test) => {
    const port = await startTcp(test, { connectionsMax: 3, connectionsPerClientMax: 2, idleMs: 60_000 });
    const first = await connectTo(test, port, '127.0.0.2');
    const second = await connectTo(test, port, '127.0.0.2');
    await closed(await connectTo(test, port, '127.0.0.2'));
    const active = readFrames(first, 1);
    first.write(framed({ id: 1 }));
    await active;
    const third = await connectTo(test, port, '127.0.0.3');
    const fourth = await connectTo(test, port, '127.0.0.4');
    await closed(second);
    for (const socket of [first, third, fourth]) {
      const answer = readFrames(socket, 1);
      socket.write(framed({ id: 2 }));
      assert.equal((await answer)[0]?.id, 2);
    }
  });
});

/** Sends all from one socket and gives back the answers, which on loopback keep their order. */
async function askUdp(
  server: Pick<TestServer, 'port'>,
  asked: readonly (Asked | Uint8Array)[],
  { to = '127.0.0.1', from, expected = asked.length }: { to?: string; from?: string; expected?: number } = {},
): Promise<ReadAnswer[]> {
  const socket = createSocket(to.includes(':') ? 'udp6' : 'udp4');
  try {
    const answers: ReadAnswer[] = [];
    const all = new Promise<void>((resolve, reject) => {
      setTimeout(() => reject(new Error(`${answers.length} of ${expected} answers`)), DEADLINE_MS).unref();
      socket.on('message', (bytes) => {
        answers.push(readMessage(bytes));
        if (answers.length === expected) resolve();
      });
    });
    await new Promise<void>((resolve) => socket.bind({ port: 0, ...(from === undefined ? {} : { address: from }) }, resolve));
    for (const each of asked) socket.send(each instanceof Uint8Array ? each : queryPacket(each), server.port, to);
    await all;
    return answers;
  } finally {
    socket.close();
  }
}

async function startTcp(test: TestContext, limits: TcpLimits): Promise<number> {
  const responder = createResponder({
    zone: testZone(),
    steering: testSteering(),
    cookies: createCookies([new Uint8Array(16)]),
    serverId: new Uint8Array(),
  });
  const listening = await listenTcp(
    {
      responder,
      limiter: createRateLimiter({ perSecond: 0, slip: 0, exempt: [], seed: 1 }),
      addresses: createClientAddresses(),
      answered: { count: () => undefined, countLeft: () => undefined, flush: () => undefined },
      nowMs: Date.now,
      onFault: (cause) => test.diagnostic(String(cause)),
    },
    { address: '127.0.0.1', port: 0, limits },
  );
  test.after(() => listening.close());
  return listening.port;
}

async function connectTo(test: TestContext, port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => undefined);
  test.after(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

async function closed(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.destroyed) await once(socket, 'close', { signal: AbortSignal.timeout(DEADLINE_MS) });
}

function framed(asked: Asked): Buffer {
  const packet = queryPacket(asked);
  return Buffer.concat([Buffer.of(packet.length >> 8, packet.length & 0xff), packet]);
}

async function readFrames(socket: Socket, count: number): Promise<ReadAnswer[]> {
  const answers: ReadAnswer[] = [];
  let pending = Buffer.alloc(0);
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error(`${answers.length} of ${count} answers`)), DEADLINE_MS).unref();
    socket.on('close', () => reject(new Error(`closed after ${answers.length} answers`)));
    socket.on('data', (bytes: Buffer) => {
      pending = Buffer.concat([pending, bytes]);
      for (; pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0); pending = pending.subarray(2 + pending.readUInt16BE(0)))
        answers.push(readMessage(pending.subarray(2, 2 + pending.readUInt16BE(0))));
      if (answers.length >= count) resolve(answers);
    });
    socket.resume();
  });
}
