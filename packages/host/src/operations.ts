import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '@bioscope/telemetry';
import type { HostedUnit } from './hosted-unit.ts';
import { report } from './report.ts';

export type Operations = { readonly address: string; close(): Promise<void> };

/** Probes and a scraper or two; more than this is somebody's mistake. */
const CONNECTIONS_MAX = 64;
const REQUEST_DEADLINE_MS = 5_000;

/**
 * The listener for probes and scrapers, for the machine and its operators, never for the public:
 * `/healthz` (200 when every unit is well, else 503), `/readyz` (200 when every unit is ready, else 503), both with the units as JSON; `/metrics`.
 */
export async function serveOperations(options: {
  address: string;
  port: number;
  units: readonly HostedUnit[];
  metrics: Metrics;
}): Promise<Operations> {
  const server = createServer({ requestTimeout: REQUEST_DEADLINE_MS, headersTimeout: REQUEST_DEADLINE_MS }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
      response.end(`${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  server.maxConnections = CONNECTIONS_MAX;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'text/plain', 'use GET\n');
    const path = request.url?.split('?', 1)[0];
    const status = report(options.units);
    if (path === '/healthz') return send(response, status.well ? 200 : 503, 'application/json', JSON.stringify(status));
    if (path === '/readyz') return send(response, status.ready ? 200 : 503, 'application/json', JSON.stringify(status));
    if (path === '/metrics') return send(response, 200, 'text/plain; version=0.0.4; charset=utf-8', await options.metrics.text());
    send(response, 404, 'text/plain', 'here are /healthz, /readyz and /metrics\n');
  }

  const listening = Promise.withResolvers<void>();
  server.once('error', (cause) =>
    listening.reject(new Error(`operations listener ${options.address}:${options.port}: ${cause.message}`, { cause })),
  );
  server.listen(options.port, options.address, () => listening.resolve());
  await listening.promise;
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('the operations listener has no address');

  return {
    address: `${options.address}:${bound.port}`,
    close() {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      return closed.promise;
    },
  };
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}
