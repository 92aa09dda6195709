import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { RateLimiter } from '../protect/rate-limiter.ts';
import type { Responder } from '../respond.ts';
import { UDP_BYTES_MAX } from '../wire/numbers.ts';
import type { Answered } from './answered.ts';
import type { ClientAddresses } from './client-addresses.ts';

export type Answering = {
  readonly responder: Responder;
  readonly limiter: RateLimiter;
  readonly addresses: ClientAddresses;
  readonly answered: Answered;
  readonly nowMs: () => number;
  /** A fault of ours while answering: that query gets nothing, the next goes on. */
  readonly onFault: (cause: unknown) => void;
};

export type Listening = { readonly port: number; close(): Promise<void> };

/** Answers wait in these until the kernel has taken them. It nearly always does at once. */
const BUFFERS = 1_024;
/** Asking for the queue's length for each answer would be dear; between two looks at most so many are added, so no waiting buffer is overwritten. */
const LOOK_EVERY = 128;
const WAITING_MAX = BUFFERS - 2 * LOOK_EVERY;
/** Bursts while the process is busy elsewhere; the kernel gives what it allows. */
const KERNEL_BUFFER_BYTES = 4 * 1024 * 1024;
/** What makes answers alike where no name stands behind them: the RCODE, apart from all hashes of names by chance only. */
const KIND_OF_RCODE = 0x9e3779b1;

/** One UDP socket. Rejects when the address cannot be had. */
export async function listenUdp(answering: Answering, { address, port }: { address: string; port: number }): Promise<Listening> {
  const { responder, limiter, addresses, answered, nowMs } = answering;
  const socket = createSocket({
    type: isIPv6(address) ? 'udp6' : 'udp4',
    recvBufferSize: KERNEL_BUFFER_BYTES,
    // Every answer goes to a numeric address; the usual lookup would put each off to another turn of the event loop.
    lookup: (host, _, found) => found(null, host, isIPv6(host) ? 6 : 4),
  });
  const buffers = Array.from({ length: BUFFERS }, () => new Uint8Array(UDP_BYTES_MAX));
  let next = 0;
  let isCongested = false;

  function answer(packet: Uint8Array, client: Uint8Array, out: Uint8Array): number {
    const now = nowMs();
    const nowSeconds = Math.floor(now / 1_000);
    const { facts } = responder;
    const length = responder.respond(packet, client, 'udp', nowSeconds, out);
    if (length === 0) answered.countLeft('no_query');
    if (length === 0 || facts.hasValidCookie) return length;
    const kind = facts.answers > 0 ? facts.ownerHash : Math.imul(KIND_OF_RCODE, facts.rcode + 1);
    const verdict = limiter.judge(client, kind, now);
    if (verdict === 'send') return length;
    answered.countLeft(verdict === 'brief' ? 'brief' : 'limited');
    return verdict === 'brief' ? responder.respondBriefly(packet, client, nowSeconds, out) : 0;
  }

  socket.on('message', (packet, from) => {
    if (next % LOOK_EVERY === 0) isCongested = socket.getSendQueueCount() > WAITING_MAX;
    next += 1;
    // Nobody can be answered there (RFC 768 leaves 0 to those who want no answer).
    if (from.port === 0) return;
    if (isCongested) {
      answered.countLeft('queue_full');
      return;
    }
    const out = buffers[next % BUFFERS] as Uint8Array;
    try {
      const length = answer(packet, addresses.bytesOf(from.address), out);
      if (length === 0) return;
      socket.send(out, 0, length, from.port, from.address, undefined);
      answered.count('udp', responder.facts.rcode);
    } catch (error) {
      answered.countLeft('fault');
      answering.onFault(error);
    }
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.bind({ address, port, exclusive: true }, () => {
      socket.off('error', reject);
      resolve();
    });
  });
  // Such as ICMP errors of those who asked and left: nothing is to be done.
  socket.on('error', answering.onFault);
  return {
    port: socket.address().port,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
