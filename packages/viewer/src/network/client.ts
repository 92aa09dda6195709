import { isIP } from 'node:net';
import { Pool } from 'undici';
import type { Clock } from '../clock.ts';
import { createNames } from '../names/names.ts';
import type { Resolve } from '../names/resolve.ts';
import { exchange, type Exchanged, type ExchangeRequest } from './exchange.ts';

/** One viewer's network: its own address, names and connections, as if it were a device of its own. */
export type Client = {
  /** Sends it once, to the first address of the URL's host that can be reached. Never rejects. */
  send(url: URL, request: Omit<ExchangeRequest, 'path'>): Promise<Sent>;
  /** Ends what is under way. */
  close(): Promise<void>;
};

export type Sent = Exchanged & {
  /** `127.0.0.1:8080`; empty when no address was reached for. */
  readonly address: string;
};

export type ClientNeeds = {
  readonly clock: Clock;
  readonly resolve: Resolve;
  readonly localAddress?: string;
  /** PEM: who is trusted besides the well-known ones, for `https`. */
  readonly authority?: string;
};

/** As browsers have it. */
const CONNECTIONS_PER_ADDRESS_MAX = 6;
/** A client that changes its region again and again does not gather connections. */
const ADDRESSES_MAX = 32;
/** Servers that keep connections longer than browsers close them first; most say themselves how long. */
const KEEP_ALIVE_MS = 30_000;
const CONNECT_MS = 3_000;

export function createClient(needs: ClientNeeds): Client {
  const { clock, localAddress } = needs;
  const names = createNames(needs.resolve, clock, localAddress === undefined ? {} : { localAddress });
  const pools = new Map<string, Pool>();

  const poolFor = (url: URL, address: string): Pool => {
    const key = `${url.protocol}//${address}:${url.port || PORTS[url.protocol]} ${url.hostname}`;
    const kept = pools.get(key);
    if (kept !== undefined) {
      // The newest is the last: the first one is what was not used for the longest time.
      pools.delete(key);
      pools.set(key, kept);
      return kept;
    }
    const [oldest] = pools;
    if (pools.size >= ADDRESSES_MAX && oldest !== undefined) {
      pools.delete(oldest[0]);
      void oldest[1].close();
    }
    const host = isIP(address) === 6 ? `[${address}]` : address;
    const pool = new Pool(`${url.protocol}//${host}${url.port === '' ? '' : `:${url.port}`}`, {
      connections: CONNECTIONS_PER_ADDRESS_MAX,
      // The exchange watches over both, by the clock that was given in.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectTimeout: CONNECT_MS,
      ...(localAddress === undefined ? {} : { localAddress }),
      ...(url.protocol === 'https:' && isIP(url.hostname) === 0
        ? { connect: { servername: url.hostname, ...(needs.authority === undefined ? {} : { ca: needs.authority }) } }
        : {}),
    });
    pools.set(key, pool);
    return pool;
  };

  return {
    async send(url, request) {
      const addresses = await names.lookUp(url.hostname);
      let last: Sent = { kind: 'failed', failure: 'unresolved', bytes: 0, address: '' };
      for (const address of addresses) {
        const headers = { ...request.headers, host: url.host };
        const path = url.pathname + url.search;
        const exchanged = await exchange(poolFor(url, address), clock, { ...request, path, headers });
        last = { ...exchanged, address: `${address}:${url.port || PORTS[url.protocol]}` };
        // As browsers do: nothing was sent there, the next address is tried without a word.
        if (exchanged.kind !== 'failed' || exchanged.failure !== 'unreachable') break;
        names.failed(url.hostname, address);
      }
      return last;
    },
    async close() {
      await Promise.all(Array.from(pools.values(), (pool) => pool.destroy()));
      pools.clear();
    },
  };
}

const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };
