import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createExchange, stamp } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import { announcesBody } from '../filters/framing.ts';
import { HANG_UP } from '../reply.ts';
import type { Reply } from '../reply.ts';
import type { Engine, EngineNeeds } from './engine.ts';
import { Forward } from './forward.ts';

/** Twice what browsers send with everything switched on. */
const HEADER_BYTES_MAX = 16_384;
const HEADERS_TIMEOUT_MS = 10_000;
/** A connection on which nothing moves: above the longest poll (30 s). */
const IDLE_MS = 65_000;
const KEEP_ALIVE_MS = 65_000;
const CONNECTIONS_MAX = 10_000;
/** Slow readers of the answer to a broken request are not waited for. */
const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: 'HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
  ERR_HTTP_REQUEST_TIMEOUT: 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n',
};

/** Engine A: node:http in front, undici dispatch behind, raw header lists and chunks passed through as they come. */
export async function startNodeEngine(needs: EngineNeeds): Promise<Engine> {
  const forwards = new Set<Forward>();
  let underWay = 0;
  let draining = false;
  let idle: (() => void) | undefined;

  function receive(request: IncomingMessage, response: ServerResponse): void {
    const exchange = createExchange({
      method: request.method ?? '',
      target: request.url ?? '',
      httpVersion: request.httpVersion,
      headers: request.rawHeaders,
      clientAddress: request.socket.remoteAddress ?? '',
    });
    underWay += 1;
    response.once('close', () => {
      stamp(exchange, 'done');
      if (!response.writableFinished && exchange.outcome === 'answered') exchange.outcome = 'client_gone';
      needs.finished(exchange);
      underWay -= 1;
      if (underWay === 0) idle?.();
    });
    const verdict = needs.chain.inbound(exchange);
    stamp(exchange, 'decided');
    if (verdict === HANG_UP) {
      exchange.outcome = 'refused';
      request.socket.destroy();
    } else if (verdict !== undefined) {
      send(exchange, request, response, verdict);
    } else {
      forward(exchange, request, response);
    }
  }

  function forward(exchange: Exchange, request: IncomingMessage, response: ServerResponse): void {
    const under = new Forward({
      exchange,
      request,
      response,
      origins: needs.origins,
      reply: (reply) => send(exchange, request, response, reply),
      begin: (status, headers) => begin(exchange, response, status, headers),
    });
    forwards.add(under);
    response.once('close', () => {
      forwards.delete(under);
      under.clientClosed();
    });
    under.start();
  }

  /** Writes the head of an answer, whoever gives it. */
  function begin(exchange: Exchange, response: ServerResponse, status: number, headers: string[]): void {
    exchange.status = status;
    needs.chain.outbound(exchange, headers);
    if (draining) headers.push('connection', 'close');
    response.writeHead(status, headers);
  }

  function send(exchange: Exchange, request: IncomingMessage, response: ServerResponse, reply: Reply): void {
    if (response.headersSent || response.destroyed) return;
    exchange.outcome = reply.outcome;
    exchange.bytesOut = reply.body.length;
    const headers = [...reply.headers];
    if (reply.status !== 204) headers.push('content-length', String(reply.body.length));
    // What is left of the body would be read only to be thrown away, or taken for the next request.
    if (!request.complete && announcesBody(request.rawHeaders)) headers.push('connection', 'close');
    begin(exchange, response, reply.status, headers);
    response.end(exchange.method === 'HEAD' ? undefined : reply.body);
  }

  const server = createServer({
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_TIMEOUT_MS,
    // Uploads take as long as they take; other bodies have time limits of their own.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
    // Checked by the framing filter, which hangs up instead of answering.
    requireHostHeader: false,
  });
  server.timeout = IDLE_MS;
  server.maxConnections = CONNECTIONS_MAX;
  server.on('request', receive);
  // An expectation other than 100-continue: Node would answer 417, we answer the request as it is (RFC 9110 section 10.1.1 allows it).
  server.on('checkExpectation', receive);
  server.on('clientError', answerBrokenRequest);
  await open(server, needs.listen);

  return {
    address: addressOf(server),
    async drain(deadline) {
      draining = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const under of forwards) under.cutShort();
      if (underWay > 0 && !deadline.aborted) {
        await new Promise<void>((resolve) => {
          idle = resolve;
          deadline.addEventListener('abort', () => resolve(), { once: true });
        });
      }
      server.closeIdleConnections();
      if (deadline.aborted) server.closeAllConnections();
      await Promise.race([closed, new Promise((resolve) => deadline.addEventListener('abort', resolve, { once: true }))]);
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  const answer = CLIENT_ERRORS[error.code ?? ''];
  if (answer !== undefined && socket.writable && socket.bytesWritten === 0) socket.end(answer);
  // Framing that the parser refused: no answer, so that none can be taken for another request's.
  socket.destroy();
}

function open(server: Server, listen: EngineNeeds['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: listen.port, host: listen.address, reusePort: listen.sharesPort }, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function addressOf(server: Server): string {
  const { address, port } = server.address() as AddressInfo;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
