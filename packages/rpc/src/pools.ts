import { Pool } from 'undici';
import type { Dispatcher } from 'undici';

/** Connections by address, shared by all callers of one set of limits. */
export type Pools = {
  get(address: string): Dispatcher;
  /** Lets go of addresses that are no longer in any picture; what is under way there finishes. */
  keepOnly(addresses: ReadonlySet<string>): void;
  close(): Promise<void>;
};

/** The other side is near: a machine that does not answer a SYN within this time is gone. */
const CONNECT_TIMEOUT_MS = 1_000;
/** Below the server's 65 s, which it also announces, so that requests do not run into a closing connection. */
const KEEP_ALIVE_MS = 30_000;

export function createPools({ connectionsMax }: { connectionsMax: number }): Pools {
  const pools = new Map<string, Pool>();
  const leaving = new Set<Promise<void>>();
  return {
    get(address) {
      let pool = pools.get(address);
      if (pool === undefined) {
        // Time limits are set per request, by whoever knows its deadline.
        pool = new Pool(`http://${address}`, {
          connections: connectionsMax,
          pipelining: 1,
          connectTimeout: CONNECT_TIMEOUT_MS,
          keepAliveTimeout: KEEP_ALIVE_MS,
          keepAliveMaxTimeout: KEEP_ALIVE_MS,
          headersTimeout: 0,
          bodyTimeout: 0,
          allowH2: false,
        });
        pools.set(address, pool);
      }
      return pool;
    },
    keepOnly(addresses) {
      for (const [address, pool] of pools) {
        if (addresses.has(address)) continue;
        pools.delete(address);
        const left = pool.close().finally(() => leaving.delete(left));
        leaving.add(left);
      }
    },
    async close() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map((pool) => pool.destroy()));
    },
  };
}
