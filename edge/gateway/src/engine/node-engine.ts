import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { createExchange, stamp } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import { announcesBody } from '../filters/framing.ts';
import { HANG_UP } from '../reply.ts';
import type { Reply } from '../reply.ts';
import { openDoor, quietTurn } from './door.ts';
import type { Engine, EngineNeeds } from './engine.ts';
import { Forward } from './forward.ts';

/** So long a draining gateway answers on the connections that are there, saying that each is the last. Clients that rest longer have nothing under way. */
const GRACE_MS = 1_500;
/** After that, for connections that became idle since. */
const LOOK_EVERY_MS = 20;

/** Engine A: node:http in front, undici dispatch behind, raw header lists and chunks passed through as they come. */
export async function startNodeEngine(needs: EngineNeeds): Promise<Engine> {
  const forwards = new Set<Forward>();
  let underWay = 0;
  let draining = false;
  let idle: (() => void) | undefined;

  function receive(request: IncomingMessage, response: ServerResponse): void {
    handle(request, response, createExchange({ ...received(request), target: request.url ?? '' }));
  }

  function handle(request: IncomingMessage, response: ServerResponse, exchange: Exchange): void {
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
      bridge: needs.bridge,
      handoverOf: (each) => needs.handoverOf(each),
      reply: (reply) => send(exchange, request, response, reply),
      begin: (status, headers) => begin(exchange, response, status, headers),
      pass: (status, headers) => writeHead(exchange, response, status, headers),
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
    needs.chain.outbound(exchange, headers);
    writeHead(exchange, response, status, headers);
  }

  function writeHead(exchange: Exchange, response: ServerResponse, status: number, headers: string[]): void {
    exchange.status = status;
    // A connection of another gateway belongs to the RPC listener.
    if (draining && exchange.handover === undefined) headers.push('connection', 'close');
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

  const { listen, secure } = needs;
  const door = await openDoor(listen, receive);
  const secureDoor = secure && (await openDoor(secure.listen, receive, secure.certificates).catch(closing(door)));
  const doors = secureDoor === undefined ? [door] : [door, secureDoor];

  /** Resolves when nothing is under way; at once when the signal aborts. */
  async function finished(deadline: AbortSignal): Promise<void> {
    if (underWay === 0 || deadline.aborted) return;
    await new Promise<void>((resolve) => {
      idle = resolve;
      deadline.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  return {
    address: door.address,
    secureAddress: secureDoor?.address,
    take(request, response, { handover, target }) {
      const ended = new Promise<void>((resolve) => void response.once('close', resolve));
      handle(request, response, createExchange({ ...received(request), target }, handover));
      return ended;
    },
    async stopAccepting() {
      await Promise.all(doors.map((each) => each.stopAccepting()));
      // Only now: clients that are told to leave come back with a new connection, which must find the other gateway.
      draining = true;
    },
    async drain(deadline) {
      const closed = Promise.all(doors.map((each) => each.closed));
      for (const under of forwards) under.cutShort();
      await Promise.race([closed, pause(GRACE_MS, undefined, { signal: deadline }).catch(() => undefined)]);
      const gone = new AbortController();
      void closed.then(() => gone.abort());
      while (!gone.signal.aborted && !deadline.aborted) {
        await finished(deadline);
        await quietTurn();
        for (const each of doors) each.closeIdle();
        await Promise.race([closed, pause(LOOK_EVERY_MS, undefined, { signal: deadline }).catch(() => undefined)]);
      }
    },
    async close() {
      await Promise.all(doors.map((each) => each.close()));
    },
  };
}

function received(request: IncomingMessage): Omit<Parameters<typeof createExchange>[0], 'target'> {
  return {
    method: request.method ?? '',
    httpVersion: request.httpVersion,
    headers: request.rawHeaders,
    clientAddress: request.socket.remoteAddress ?? '',
    scheme: 'encrypted' in request.socket ? 'https' : 'http',
  };
}

function closing(door: { close(): Promise<void> }): (fault: unknown) => Promise<never> {
  return async (fault) => {
    await door.close();
    throw fault;
  };
}
