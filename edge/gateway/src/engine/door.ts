import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { Server as NetServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Server as TlsServer } from 'node:tls';
import { setImmediate as turn } from 'node:timers/promises';
import type { Certificates } from '../tls/certificates.ts';
import type { Listen } from './engine.ts';

/** One listener for clients. */
export type Door = {
  /** host:port */
  readonly address: string;
  /** Takes no new connections; those that are there stay. */
  stopAccepting(): Promise<void>;
  /** Resolves when it accepts nothing and the last connection is gone. */
  readonly closed: Promise<void>;
  /** Closes the connections on which nothing is under way. */
  closeIdle(): void;
  close(): Promise<void>;
};

/** Twice what browsers send with everything switched on. */
const HEADER_BYTES_MAX = 16_384;
const HEADERS_TIMEOUT_MS = 10_000;
/** A connection on which nothing moves: above the longest poll (30 s). */
const IDLE_MS = 65_000;
const KEEP_ALIVE_MS = 65_000;
const HANDSHAKE_MS = 10_000;
const CONNECTIONS_MAX = 10_000;
/** Slow readers of the answer to a broken request are not waited for. */
const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
  ERR_HTTP_REQUEST_TIMEOUT: 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
};
const SETTINGS = {
  maxHeaderSize: HEADER_BYTES_MAX,
  headersTimeout: HEADERS_TIMEOUT_MS,
  // Uploads take as long as they take; other bodies have time limits of their own.
  requestTimeout: 0,
  keepAliveTimeout: KEEP_ALIVE_MS,
  noDelay: true,
  // Checked by the framing filter, which hangs up instead of answering.
  requireHostHeader: false,
};

type Receive = (request: IncomingMessage, response: ServerResponse) => void;

export async function openDoor(listen: Listen, receive: Receive, certificates?: Certificates): Promise<Door> {
  const { server, forget } =
    certificates === undefined ? { server: createServer(SETTINGS), forget: () => undefined } : secureServer(certificates);
  server.timeout = IDLE_MS;
  server.maxConnections = CONNECTIONS_MAX;
  server.on('request', receive);
  // An expectation other than 100-continue: Node would answer 417, we answer the request as it is (RFC 9110 section 10.1.1 allows it).
  server.on('checkExpectation', receive);
  server.on('clientError', answerBrokenRequest);
  await open(server, listen);
  return {
    address: addressOf(server),
    async stopAccepting() {
      await quietTurn();
      // HTTP's own close would end idle connections at once, under the requests that are on their way on them.
      NetServer.prototype.close.call(server);
    },
    closed: new Promise<void>((resolve) => server.once('close', resolve)),
    closeIdle: () => server.closeIdleConnections(),
    async close() {
      forget();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** HTTP/1.1 only, as without TLS: one engine, one set of framing rules. */
function secureServer(certificates: Certificates): { server: Server; forget: () => void } {
  const settings = { minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS, ALPNProtocols: ['http/1.1'] } as const;
  const server = createSecureServer({ ...SETTINGS, ...settings, ...certificates.current() });
  const forget = certificates.onChange((pair) => (server as Server & TlsServer).setSecureContext({ ...settings, ...pair }));
  return { server, forget };
}

function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  const answer = CLIENT_ERRORS[error.code ?? ''];
  if (answer !== undefined && socket.writable && socket.bytesWritten === 0) socket.end(answer);
  // Framing that the parser refused: no answer, so that none can be taken for another request's.
  socket.destroy();
}

function open(server: Server, { address, port, sharesPort }: Listen): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: address, reusePort: sharesPort }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function addressOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

const QUIET_MS = 0.5;
const QUIET_TURNS_MAX = 200;

/**
 * Returns just after a turn of the event loop in which next to nothing happened: what had arrived by then has been accepted and read. A connection that still waits
 * to be accepted when its listener closes is reset by the kernel, whoever else listens on the port.
 */
export async function quietTurn(): Promise<void> {
  for (let turns = 0; turns < QUIET_TURNS_MAX; turns += 1) {
    const beganAtMs = performance.now();
    await turn();
    if (turns > 0 && performance.now() - beganAtMs < QUIET_MS) return;
  }
}
