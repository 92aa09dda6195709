import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { startHost, port, unit } from '@bioscope/host';
import type { Log } from '@bioscope/log';
import { openLog } from '@bioscope/log/sqlite';
import type { AccessTokens, PassportOffice } from '@bioscope/passport';
import { testPassports } from '@bioscope/passport/testing';
import { createPicture, createRpcHost } from '@bioscope/rpc';
import type { HttpHandler, Picture, RpcHost, RunningRpcHost } from '@bioscope/rpc';
import { createTelemetry } from '@bioscope/telemetry';
import { gateway } from '../src/service.ts';
import type { GatewayAddress } from '../src/service.ts';

/** Whose keys the gateway has. */
export const PASSPORTS = testPassports();
export const OPERATOR_TOKEN = 'operator-token-of-this-test';
const secret = randomBytes(32).toString('hex');
const UNITS = ['catalog', 'studio', 'identity', 'playback', 'steering', 'control', 'web', 'regions'];

export type Backend = { readonly host: RunningRpcHost; readonly address: string };

/** A process with units behind the gateway. */
export async function startBackend(test: Pick<TestContext, 'after'>, mounts: Record<string, HttpHandler>): Promise<Backend> {
  const { log, metrics } = createTelemetry({ process: 'backend', processMetrics: false, sink: { write: () => undefined } });
  const host = await createRpcHost({
    secret,
    units: UNITS,
    zone: 'a',
    region: 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: createPicture(),
    log,
    metrics,
  });
  test.after(() => host.close());
  for (const [place, handler] of Object.entries(mounts)) {
    const [name = '', prefix = ''] = place.split(/(?=\/)/);
    host.as(name).mount(`/${prefix.slice(1)}`, handler, ['gateway']);
  }
  return { host, address: host.address };
}

export type RunningGateway = {
  readonly port: number;
  readonly picture: Picture;
  /** Where other gateways reach it: host:port. */
  readonly rpcAddress: string;
  /** host:port of the door with TLS, or nothing. */
  readonly secureAddress: string;
  /** Access log lines, parsed. */
  readonly lines: Record<string, unknown>[];
  metrics(): Promise<string>;
  /** What units announce. */
  readonly events: Log;
  stop(): Promise<void>;
};

/** The unit `gateway` in a host of its own, with the named units at their addresses. */
export async function startGateway(
  test: Pick<TestContext, 'after'>,
  addresses: readonly { service: string; address: string }[],
  environment: Record<string, string> = {},
): Promise<RunningGateway> {
  const lines: Record<string, unknown>[] = [];
  const sink = {
    write: (line: string) => {
      const parsed = JSON.parse(line) as Record<string, unknown>;
      if (parsed['msg'] === 'request') lines.push(parsed);
    },
  };
  const telemetry = createTelemetry({ process: 'edge', processMetrics: false, config: { format: 'json', level: 'info' }, sink });
  const picture = createPicture(addresses);
  const rpcHost = await createRpcHost({
    secret,
    units: ['gateway'],
    zone: 'a',
    region: environment['BIOSCOPE_REGION'] ?? 'local',
    listen: { host: '127.0.0.1', port: 0 },
    discovery: picture,
    log: telemetry.log,
    metrics: telemetry.metrics,
  });
  let address = '';
  let secureAddress = '';
  const rpc = unit({ name: 'rpc', needs: {}, gives: { rpc: port<RpcHost>('rpc') }, start: async () => ({ gives: { rpc: rpcHost } }) });
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-gateway-'));
  const events = await openLog({ folder });
  const log = unit({ name: 'log', needs: {}, gives: { log: port<Log>('log') }, start: async () => ({ gives: { log: events } }) });
  const passports = unit({
    name: 'passports',
    needs: {},
    gives: { passportOffice: port<PassportOffice>('passportOffice'), accessTokens: port<AccessTokens>('accessTokens') },
    start: async () => ({ gives: PASSPORTS }),
  });
  const observer = unit({
    name: 'observer',
    needs: { gateway: port<GatewayAddress>('gateway') },
    gives: {},
    async start(needs) {
      ({ address, secureAddress = '' } = needs.gateway);
      return { gives: {} };
    },
  });
  const host = await startHost({
    name: 'edge',
    units: [rpc, log, passports, gateway, observer],
    environment: {
      BIOSCOPE_PORT: '0',
      BIOSCOPE_OPERATOR_TOKEN: OPERATOR_TOKEN,
      BIOSCOPE_CDN_PORT: '8081',
      BIOSCOPE_COUNTRY_TABLE: 'none',
      ...environment,
    },
    telemetry,
    drainDeadlineMs: 2_000,
  });
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      await host.stop();
      await rpcHost.close();
      await events.close();
      await rm(folder, { recursive: true, force: true });
    })());
  test.after(stop);
  const { address: rpcAddress } = rpcHost;
  return {
    port: Number(address.split(':')[1]),
    picture,
    rpcAddress,
    secureAddress,
    lines,
    metrics: () => telemetry.metrics.text(),
    events,
    stop,
  };
}

export type Answer = { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string };

/** One request; rejects when the answer breaks off. */
export function ask(
  running: { readonly port: number },
  host: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port: running.port,
        path,
        method: options.method ?? 'GET',
        headers: { host: host.includes('.') ? `${host}:${running.port}` : `${host}.localhost:${running.port}`, ...options.headers },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

const FIRST_BYTE_MS = 5_000;

/** Sends bytes as they are and gives back everything that comes until the other side closes, or `quietMs` pass without a further byte. */
export function sendRaw(running: { readonly port: number }, bytes: string, quietMs = 300): Promise<{ received: string; closed: boolean }> {
  return new Promise((resolve, reject) => {
    const socket = connect(running.port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    const chunks: Buffer[] = [];
    const end = (closed: boolean): void => {
      socket.destroy();
      resolve({ received: Buffer.concat(chunks).toString('latin1'), closed });
    };
    // A busy machine may take its time before the first byte.
    socket.setTimeout(FIRST_BYTE_MS, () => end(false));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      socket.setTimeout(quietMs);
    });
    socket.on('close', () => end(true));
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? end(true) : reject(error)));
  });
}

export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 8_000;
  while (!(await condition())) {
    assert(performance.now() < end, `in vain waited for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
