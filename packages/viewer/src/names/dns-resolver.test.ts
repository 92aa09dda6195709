import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, it, type TestContext } from 'node:test';
import { CLOCK, clockOf } from '../clock.ts';
import { readAnswer, writeQuestion } from './dns-message.ts';
import { dnsResolver } from './dns-resolver.ts';

const HOST = 'play.bioscope.example';

/** An answer as a server writes it: the question repeated, then records that point to names by offset. */
function answerTo(question: Buffer, records: readonly Buffer[], flags = 0x8400): Buffer {
  const end = question.indexOf(0, 12) + 5;
  const message = Buffer.concat([question.subarray(0, end), ...records]);
  message.writeUInt16BE(flags, 2);
  message.writeUInt16BE(records.length, 6);
  message.writeUInt16BE(0, 10);
  return message;
}

function record(type: number, ttlSeconds: number, data: Buffer, name = Buffer.of(0xc0, 12)): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(ttlSeconds, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([name, head, data]);
}

const address = (ttlSeconds: number, ...parts: readonly number[]): Buffer => record(1, ttlSeconds, Buffer.from(parts));

type Asked = { question: Buffer; from: RemoteInfo };

async function udpServer(
  test: TestContext,
  answer: (question: Buffer) => Buffer | undefined,
  port = 0,
): Promise<{ port: number; asked: Asked[] }> {
  const socket = createSocket('udp4');
  const asked: Asked[] = [];
  socket.on('message', (question, from) => {
    asked.push({ question, from });
    const message = answer(question);
    if (message !== undefined) socket.send(message, from.port, from.address);
  });
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  test.after(() => socket.close());
  return { port: socket.address().port, asked };
}

describe('asking for an address', () => {
  it('takes all of them, and the shortest time to live', async (test) => {
    const { port, asked } = await udpServer(test, (question) => answerTo(question, [address(30, 127, 1, 1, 1), address(20, 127, 1, 2, 1)]));
    const resolve = dnsResolver({ servers: [{ address: '127.0.0.1', port }], clock: CLOCK });
    const found = await resolve(HOST, { localAddress: '127.101.7.9' });
    assert.deepEqual([found.addresses, found.ttlSeconds], [['127.1.1.1', '127.1.2.1'], 20]);
    assert.equal(asked[0]?.from.address, '127.101.7.9');
  });

  it('tells the network of the client, 24 bits of it', () => {
    const question = writeQuestion({ id: 7, host: HOST, clientAddress: '127.101.7.9' });
    // RFC 7871, 6: option 8, length 7, family 1, source 24, scope 0, three octets.
    assert.ok(question.toString('hex').endsWith('00080007000118007f6507'));
    assert.ok(writeQuestion({ id: 7, host: HOST, clientAddress: undefined }).toString('hex').endsWith('00002904d0000000000000'));
  });

  it('follows an alias within the answer', async (test) => {
    const other = Buffer.from('\u0004edge\u0000', 'latin1');
    const { port } = await udpServer(test, (question) =>
      answerTo(question, [record(5, 10, other), record(1, 60, Buffer.of(127, 2, 1, 1), Buffer.from('\u0004EDGE\u0000', 'latin1'))]),
    );
    const found = await dnsResolver({ servers: [{ address: '127.0.0.1', port }], clock: CLOCK })(HOST, {});
    assert.deepEqual([found.addresses, found.ttlSeconds], [['127.2.1.1'], 10]);
  });

  it('goes to the next server when one is silent or ill, and believes the first that says there is no such name', async (test) => {
    const silent = await udpServer(test, () => undefined);
    const ill = await udpServer(test, (question) => answerTo(question, [], 0x8402));
    const well = await udpServer(test, (question) => answerTo(question, [address(30, 127, 1, 1, 1)]));
    const none = await udpServer(test, (question) => answerTo(question, [], 0x8403));
    const servers = [silent, ill, well].map(({ port }) => ({ address: '127.0.0.1', port }));
    const fast = clockOf(10);
    assert.deepEqual((await dnsResolver({ servers, clock: fast })(HOST, {})).addresses, ['127.1.1.1']);
    await assert.rejects(dnsResolver({ servers: [{ address: '127.0.0.1', port: none.port }], clock: fast })(HOST, {}), /no address/);
    assert.equal(none.asked.length, 1);
    await assert.rejects(dnsResolver({ servers: servers.slice(0, 1), clock: fast })(HOST, {}), /no server told/);
  });

  it('asks over TCP when the answer is truncated', async (test) => {
    const tcp = createServer((socket) => {
      socket.on('data', (asked: Buffer) => {
        const answer = answerTo(asked.subarray(2), [address(30, 127, 1, 1, 1)]);
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        // In pieces, as networks bring it.
        socket.write(length.subarray(0, 1));
        socket.end(Buffer.concat([length.subarray(1), answer]));
      });
    }).listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    test.after(() => tcp.close());
    const { port } = tcp.address() as AddressInfo;
    await udpServer(test, (question) => answerTo(question, [], 0x8600), port);
    const found = await dnsResolver({ servers: [{ address: '127.0.0.1', port }], clock: CLOCK })(HOST, {});
    assert.deepEqual(found.addresses, ['127.1.1.1']);
  });
});

describe('any DNS message', () => {
  const QUESTION = { id: 9, host: HOST, clientAddress: undefined };
  it('is read, or refused with a RangeError: never read beyond its end, never forever', () => {
    const good = answerTo(writeQuestion(QUESTION), [address(30, 127, 1, 1, 1), record(5, 10, Buffer.of(0xc0, 12))]);
    assert.equal(readAnswer(good, QUESTION).kind, 'addresses');
    const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), fc.nat(good.length), (changes, length) => {
        const message = Buffer.from(good.subarray(0, length));
        for (const [at, byte] of changes) if (at < message.length) message[at] = byte;
        try {
          readAnswer(message, QUESTION);
        } catch (cause) {
          assert.ok(cause instanceof RangeError, String(cause));
        }
      }),
      { numRuns: 500 },
    );
  });
  it('that answers another question is not believed', () => {
    assert.throws(() => readAnswer(answerTo(writeQuestion({ ...QUESTION, id: 10 }), []), QUESTION), /another question/);
  });
});
