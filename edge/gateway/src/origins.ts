import { createRetryBudget } from '@bioscope/rpc';
import type { Rpc, Route as Instance, Upstream } from '@bioscope/rpc';
import { HOST_CLASSES } from './exchange.ts';
import type { HostClass } from './exchange.ts';

/** Where requests go: per virtual host its own connections, limit and retry budget, so that one can drown without the others. */
export type Origins = {
  /** A place among the requests under way, or false: shed it. */
  enter(host: HostClass): boolean;
  leave(host: HostClass): void;
  choose(host: HostClass, unit: string, tried: readonly Instance[]): Instance | undefined;
  credential(host: HostClass, unit: string): readonly [string, string];
  mayRetry(host: HostClass): boolean;
  underWay(host: HostClass): number;
  close(): Promise<void>;
};

/** To one instance of one unit. Long polls hold one each. */
const CONNECTIONS_MAX = 256;

type Pool = { underWay: number; readonly budget: ReturnType<typeof createRetryBudget>; readonly upstreams: Map<string, Upstream> };

export function createOrigins({ rpc, underWayMax }: { rpc: Rpc; underWayMax: Readonly<Record<HostClass, number>> }): Origins {
  const pools = new Map<HostClass, Pool>(
    HOST_CLASSES.map((host) => [host, { underWay: 0, budget: createRetryBudget(() => performance.now()), upstreams: new Map() }]),
  );

  function poolOf(host: HostClass): Pool {
    const pool = pools.get(host);
    if (pool === undefined) throw new Error(`there is no pool for ${host}`);
    return pool;
  }

  function upstreamOf(host: HostClass, unit: string): Upstream {
    const { upstreams } = poolOf(host);
    let upstream = upstreams.get(unit);
    if (upstream === undefined) upstreams.set(unit, (upstream = rpc.upstream(unit, { connectionsMax: CONNECTIONS_MAX })));
    return upstream;
  }

  return {
    enter(host) {
      const pool = poolOf(host);
      if (pool.underWay >= underWayMax[host]) return false;
      pool.underWay += 1;
      pool.budget.called();
      return true;
    },
    leave(host) {
      poolOf(host).underWay -= 1;
    },
    choose: (host, unit, tried) => upstreamOf(host, unit).choose(tried),
    credential: (host, unit) => upstreamOf(host, unit).credential(),
    mayRetry: (host) => poolOf(host).budget.spend(),
    underWay: (host) => poolOf(host).underWay,
    async close() {
      await Promise.all([...pools.values()].flatMap((pool) => [...pool.upstreams.values()].map((upstream) => upstream.close())));
    },
  };
}
