import { timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Fleet } from './fleet.ts';

export type FleetDoor = { readonly address: string; close(): Promise<void> };

/** Long enough for every experiment; whoever wants more asks again. */
const HOLD_MS_MAX = 600_000;
const CONNECTIONS_MAX = 64;

/**
 * The fleet for other commands of this machine, on loopback, with the operator's token: `GET /members`; `POST /members/NAME/kill`, `…/hold?ms=N`, `…/release`, `…/restart`; `POST /restart` restarts all, one after the other, and tells a line of each.
 */
export async function openFleetDoor(fleet: Fleet, operatorToken: string): Promise<FleetDoor> {
  const server = createServer({ requestTimeout: 5_000 }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  server.maxConnections = CONNECTIONS_MAX;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!isAllowed(request.headers.authorization, operatorToken)) return text(response, 401, 'the operator token is missing or wrong\n');
    const url = new URL(request.url ?? '/', 'http://fleet');
    const [, what = '', name = '', action = ''] = url.pathname.split('/');
    if (request.method === 'GET' && what === 'members' && name === '') return json(response, fleet.members());
    if (request.method !== 'POST') return text(response, 405, 'use GET /members or POST\n');
    if (what === 'restart') return restartAll(request, response);
    if (what !== 'members') return text(response, 404, 'there is no such thing here\n');
    if (action === 'restart') {
      await fleet.restart(name);
      return text(response, 200, '');
    }
    const done = await act(name, action, Number(url.searchParams.get('ms') ?? Number.NaN));
    return done ? text(response, 200, '') : text(response, 404, `there is no running "${name}" to ${action}\n`);
  }

  async function act(name: string, action: string, ms: number): Promise<boolean> {
    if (action === 'kill') return fleet.kill(name);
    if (action === 'release') return fleet.release(name);
    return action === 'hold' && ms > 0 && ms <= HOLD_MS_MAX && (await fleet.hold(name, ms));
  }

  async function restartAll(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    response.writeHead(200, { 'content-type': 'text/plain' });
    await fleet.restartAll((place) => response.write(`${place}\n`), gone.signal);
    response.end();
  }

  const listening = Promise.withResolvers<void>();
  server.once('error', listening.reject);
  server.listen(0, '127.0.0.1', () => listening.resolve());
  await listening.promise;
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function isAllowed(given: string | undefined, token: string): boolean {
  const [one, other] = [Buffer.from(given ?? ''), Buffer.from(`Bearer ${token}`)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
}
