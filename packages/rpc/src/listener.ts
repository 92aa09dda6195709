import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger, Metrics } from '@bioscope/telemetry';
import { RpcError } from './error.ts';
import type { RpcFaults } from './faults.ts';
import type { Identity } from './identity.ts';
import { answerMount, MOUNT_PREFIX } from './mount-server.ts';
import type { Registry } from './registry.ts';
import { answerUnary, sendError, serverFaults } from './unary-server.ts';

export type Listener = {
  /** host:port */
  readonly address: string;
  /**
   * Refuses what is new (each refusal ends its connection), finishes what is under way. Resolves when nothing is left, or when the signal aborts.
   * Idle connections stay until `close`: one that closes just as a caller writes to it leaves the caller in doubt.
   */
  drain(deadline: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

export type ListenerOptions = {
  readonly host: string;
  readonly port: number;
  readonly units: readonly string[];
  readonly registry: Registry;
  readonly identity: Identity;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly faults: RpcFaults | undefined;
};

/** Node's own limit; credentials, trace and passport take under 2 KiB. */
const HEADER_BYTES_MAX = 16_384;
const HEADERS_TIMEOUT_MS = 10_000;
/** A connection on which nothing moves. Above the longest poll and the longest deadline (60 s). */
const IDLE_MS = 120_000;
/** Above the callers' 30 s, so that it is they who let go first. */
const KEEP_ALIVE_MS = 65_000;
/** At once, of all units of the process: long polls wait here too. Beyond it callers go elsewhere. */
const UNDER_WAY_MAX = 4_096;

export async function listen(options: ListenerOptions): Promise<Listener> {
  const { registry, identity, log, units, faults } = options;
  const seconds = options.metrics.histogram('bioscope_rpc_server_seconds', 'Time to answer an RPC.', ['method', 'code']);
  const unary = { identity, log, seconds, faults: faults && serverFaults(faults) };
  const mounts = { identity, log, registry, faults };
  let underWay = 0;
  let draining = false;
  let idle: (() => void) | undefined;

  function route(request: IncomingMessage, response: ServerResponse): Promise<void> | undefined {
    const path = request.url ?? '';
    const endpoint = registry.endpoint(path);
    if (draining || underWay >= UNDER_WAY_MAX) {
      if (draining) response.setHeader('connection', 'close');
      sendError(
        request,
        response,
        new RpcError('unavailable', draining ? 'this instance is going away' : 'too many calls under way', { surelyNotRun: true }),
      );
      return undefined;
    }
    if (endpoint !== undefined) return answerUnary(unary, endpoint, request, response);
    if (path.startsWith(MOUNT_PREFIX)) return answerMount(mounts, request, response);
    sendError(request, response, unknownPath(path, units, registry));
    return undefined;
  }

  const server = createServer({
    maxHeaderSize: HEADER_BYTES_MAX,
    headersTimeout: HEADERS_TIMEOUT_MS,
    // Uploads may take hours: bodies are limited by each call's deadline and by the idle limit instead.
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    noDelay: true,
  });
  server.timeout = IDLE_MS;
  server.on('request', (request, response) => {
    response.sendDate = false;
    const work = route(request, response);
    if (work === undefined) return;
    underWay += 1;
    // Neither of the two rejects.
    void work.finally(() => {
      underWay -= 1;
      if (underWay === 0) idle?.();
    });
  });
  await open(server, options.host, options.port);

  return {
    address: addressOf(server),
    async drain(deadline) {
      draining = true;
      if (underWay > 0 && !deadline.aborted) {
        await new Promise<void>((resolve) => {
          idle = resolve;
          deadline.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
    async close() {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      server.closeAllConnections();
      await closed;
    },
  };
}

function unknownPath(path: string, units: readonly string[], registry: Registry): RpcError {
  const unit = /^\/[A-Za-z_]\w*\.([a-z][a-z0-9-]*)\.[\w.]+\/\w+$/.exec(path)?.[1];
  if (unit !== undefined && units.includes(unit) && !registry.serving().includes(unit)) {
    return new RpcError('unavailable', `"${unit}" is still starting here`, { surelyNotRun: true });
  }
  return new RpcError('unimplemented', `${path} is not served here`, { surelyNotRun: unit !== undefined && !units.includes(unit) });
}

function open(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

function addressOf(server: Server): string {
  const address = server.address() as AddressInfo;
  return address.family === 'IPv6' ? `[${address.address}]:${address.port}` : `${address.address}:${address.port}`;
}
