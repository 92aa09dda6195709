import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { Clock } from '../clock.ts';
import { readAnswer, writeQuestion, type DnsAnswer, type DnsQuestion } from './dns-message.ts';
import type { Resolve } from './resolve.ts';

export type DnsServer = { readonly address: string; readonly port: number };

/** Of one try; a person would notice more. */
const DEADLINE_MS = 1_000;
/** Over all servers, two rounds. */
const ROUNDS = 2;
const MESSAGE_BYTES_MAX = 65_535;

/**
 * Asks authoritative servers directly, as a provider's resolver does for its customers: over UDP, with the client's network, over TCP when the
 * answer is truncated; the next server when one does not answer. Keeps nothing itself: the viewers' names do, for their time to live.
 */
export function dnsResolver({ servers, clock }: { readonly servers: readonly DnsServer[]; readonly clock: Clock }): Resolve {
  if (servers.length === 0) throw new RangeError('no DNS server is given');
  return async (host, { localAddress }) => {
    const causes: unknown[] = [];
    for (let attempt = 0; attempt < ROUNDS * servers.length; attempt += 1) {
      const server = servers[attempt % servers.length];
      if (server === undefined) break;
      try {
        const answer = await askServer(server, clock, { id: randomInt(65_536), host, clientAddress: localAddress });
        if (answer.kind === 'addresses') return answer;
        if (answer.kind === 'none' && TELLING.includes(answer.responseCode)) throw new NoSuchName(`${host} has no address`);
        causes.push(new Error(`${server.address} answered with code ${answer.kind === 'none' ? answer.responseCode : 'TC over TCP'}`));
      } catch (cause) {
        if (cause instanceof NoSuchName) throw cause;
        causes.push(cause);
      }
    }
    throw new AggregateError(causes, `no server told the address of ${host}`);
  };
}

class NoSuchName extends Error {}

/** NOERROR without an address, NXDOMAIN: another server would say the same. */
const TELLING = [0, 3];

async function askServer(server: DnsServer, clock: Clock, question: DnsQuestion): Promise<DnsAnswer> {
  const asked = writeQuestion(question);
  const answer = readAnswer(await overUdp(server, clock, asked, question.clientAddress), question);
  return answer.kind === 'truncated' ? readAnswer(await overTcp(server, clock, asked, question.clientAddress), question) : answer;
}

function overUdp({ address, port }: DnsServer, clock: Clock, asked: Buffer, from: string | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = createSocket('udp4');
    const over = (error: Error | null, answer?: Buffer): void => {
      cancel();
      socket.removeAllListeners();
      // An error that comes late, of a port where nobody listens, is nobody's.
      socket.on('error', () => undefined);
      socket.close();
      if (answer === undefined) reject(error ?? new Error('no answer'));
      else resolve(answer);
    };
    const cancel = clock.after(DEADLINE_MS, () => over(new Error(`${address} did not answer in ${DEADLINE_MS} ms`)));
    socket.once('error', over);
    socket.once('message', (message) => over(null, message));
    socket.bind({ port: 0, ...(from === undefined ? {} : { address: from }) }, () => {
      // Connected: only the server's own answer is heard.
      socket.connect(port, address, () => socket.send(asked));
    });
  });
}

function overTcp({ address, port }: DnsServer, clock: Clock, asked: Buffer, from: string | undefined): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, ...(from === undefined ? {} : { localAddress: from }) });
    let received = Buffer.alloc(0);
    const over = (error: Error | null, answer?: Buffer): void => {
      cancel();
      socket.destroy();
      if (answer === undefined) reject(error ?? new Error(`${address} closed without an answer`));
      else resolve(answer);
    };
    const cancel = clock.after(DEADLINE_MS, () => over(new Error(`${address} did not answer in ${DEADLINE_MS} ms`)));
    const length = Buffer.alloc(2);
    length.writeUInt16BE(asked.length);
    socket.on('error', over);
    socket.on('close', () => over(null));
    socket.on('connect', () => socket.write(Buffer.concat([length, asked])));
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const announced = received.length < 2 ? MESSAGE_BYTES_MAX : received.readUInt16BE(0);
      if (received.length >= announced + 2) over(null, received.subarray(2, announced + 2));
    });
  });
}
