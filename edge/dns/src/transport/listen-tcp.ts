import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { TCP_BYTES_MAX } from '../wire/numbers.ts';
import type { Answering, Listening } from './listen-udp.ts';

export type TcpLimits = {
  /** All connections; the one that was silent longest goes when another comes. */
  readonly connectionsMax: number;
  /** Of one address. Resolvers need one or two (RFC 7766 6.2.2). */
  readonly connectionsPerClientMax: number;
  /** From one complete query to the next. */
  readonly idleMs: number;
};

/** RFC 7766 6.2.3 leaves it to the server; the keepalive option says the same to whom asks. */
export const TCP_LIMITS: TcpLimits = { connectionsMax: 1_024, connectionsPerClientMax: 64, idleMs: 10_000 };

/** A query has one name of 255 bytes and a few options. Whoever announces more is answered by closing. */
const QUERY_BYTES_MAX = 4_096;
/** Who asks without reading is not read from until he has read. */
const UNREAD_BYTES_MAX = 256 * 1_024;
const LENGTH_BYTES = 2;

/** DNS over TCP (RFC 7766, RFC 9210): pipelined queries, answered in the order in which they came. Rejects when the address cannot be had. */
export async function listenTcp(
  answering: Answering,
  { address, port, limits = TCP_LIMITS }: { address: string; port: number; limits?: TcpLimits },
): Promise<Listening> {
  const { answered } = answering;
  const out = new Uint8Array(TCP_BYTES_MAX);
  /** In the order of their last query. */
  const connections = new Set<Socket>();
  const perClient = new Map<string, number>();

  const server = createServer({ noDelay: true }, (socket) => {
    const client = socket.remoteAddress;
    if (client === undefined || (perClient.get(client) ?? 0) >= limits.connectionsPerClientMax) {
      answered.countLeft('tcp_refused');
      socket.destroy();
      return;
    }
    const [longestSilent] = connections;
    if (connections.size >= limits.connectionsMax) longestSilent?.destroy();
    perClient.set(client, (perClient.get(client) ?? 0) + 1);
    connections.add(socket);
    const idle = setTimeout(() => socket.destroy(), limits.idleMs).unref();
    socket.on('error', () => answered.countLeft('tcp_broken'));
    socket.on('close', () => {
      clearTimeout(idle);
      connections.delete(socket);
      const left = (perClient.get(client) ?? 1) - 1;
      if (left === 0) perClient.delete(client);
      else perClient.set(client, left);
    });
    serveConnection(answering, socket, client, out, () => {
      idle.refresh();
      connections.delete(socket);
      connections.add(socket);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', answering.onFault);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of connections) socket.destroy();
      await closed;
    },
  };
}

function serveConnection(answering: Answering, socket: Socket, client: string, out: Uint8Array, onQuery: () => void): void {
  let pending: Buffer = Buffer.alloc(0);

  function answerPending(): void {
    let at = 0;
    socket.cork();
    while (socket.writable && pending.length - at >= LENGTH_BYTES && socket.writableLength <= UNREAD_BYTES_MAX) {
      const length = pending.readUInt16BE(at);
      if (length > QUERY_BYTES_MAX) {
        answering.answered.countLeft('tcp_broken');
        socket.destroy();
        return;
      }
      if (pending.length - at - LENGTH_BYTES < length) break;
      onQuery();
      answer(answering, socket, client, pending.subarray(at + LENGTH_BYTES, at + LENGTH_BYTES + length), out);
      if (socket.destroyed) return;
      at += LENGTH_BYTES + length;
    }
    // A copy: the memory behind it is large, and what waits is mostly a part of one query.
    pending = at === pending.length ? Buffer.alloc(0) : Buffer.from(pending.subarray(at));
    socket.uncork();
    if (socket.writableLength > UNREAD_BYTES_MAX) socket.pause();
  }

  socket.on('data', (bytes: Buffer) => {
    pending = pending.length === 0 ? bytes : Buffer.concat([pending, bytes]);
    answerPending();
  });
  socket.on('drain', () => {
    answerPending();
    if (!socket.writableNeedDrain) socket.resume();
  });
}

function answer(
  { responder, addresses, answered, nowMs, onFault }: Answering,
  socket: Socket,
  client: string,
  packet: Uint8Array,
  out: Uint8Array,
): void {
  try {
    const length = responder.respond(packet, addresses.bytesOf(client), 'tcp', Math.floor(nowMs() / 1_000), out);
    if (length === 0) {
      answered.countLeft('no_query');
      socket.destroy();
      return;
    }
    const framed = Buffer.allocUnsafe(LENGTH_BYTES + length);
    framed.writeUInt16BE(length, 0);
    framed.set(out.subarray(0, length), LENGTH_BYTES);
    socket.write(framed);
    answered.count('tcp', responder.facts.rcode);
  } catch (error) {
    answered.countLeft('fault');
    socket.destroy();
    onFault(error);
  }
}
