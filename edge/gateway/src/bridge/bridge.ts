import { Pool } from 'undici';
import type { Instance, Rpc, Route } from '@bioscope/rpc';
import type { HostClass } from '../exchange.ts';
import { gatewaysToBridgeTo, NO_BRIDGE } from './decide-bridge.ts';
import type { BridgePlan } from './decide-bridge.ts';

/** A gateway of another region, taken for one request. */
export type BridgeRoute = Route & { readonly region: string };

/** Hands requests to gateways of other regions. */
export type Bridge = {
  /** Takes a newer plan. */
  follow(plan: BridgePlan): void;
  /** For this request, as often as the plan says and while there is somebody; undefined: it is served here. Each route must be released once. */
  choose(host: HostClass): BridgeRoute | undefined;
  /** Name and value of the header that proves to the other gateway that it is one of ours that asks. */
  credential(): readonly [string, string];
  close(): Promise<void>;
};

/** Below this path of the unit's mounts gateways take requests from each other. */
export const BRIDGE_MOUNT = '/bridge';

/** To one gateway, from one virtual host: as many as to one instance of a unit, so that one host can drown without the others here too. */
const CONNECTIONS_MAX = 256;
/** Another region may be on another continent: three tries of a SYN. */
const CONNECT_TIMEOUT_MS = 3_000;
/** Below the other listener's 65 s. */
const KEEP_ALIVE_MS = 30_000;
/** As long a gateway that failed is left out. */
const LEFT_OUT_MS = 1_000;
/** Requests that wait while none is answered for so long: paused or cut off. Slow answers of a few are no sign. */
const SILENT_IN_FLIGHT = 4;
const SILENT_MS = 1_000;

type Neighbour = {
  readonly pools: Map<HostClass, Pool>;
  inFlight: number;
  answeredAtMs: number;
  leftOutUntilMs: number;
};

/** `nowMs` is monotonic, `random` 0 to below 1. */
export function createBridge(needs: { rpc: Pick<Rpc, 'instancesOf' | 'upstream'>; nowMs: () => number; random: () => number }): Bridge {
  const { rpc, nowMs, random } = needs;
  // Only for its credential: its choice would fall on this region.
  const own = rpc.upstream('gateway', { connectionsMax: 1 });
  const neighbours = new Map<string, Neighbour>();
  let plan = NO_BRIDGE;

  function neighbourAt(address: string): Neighbour {
    let neighbour = neighbours.get(address);
    if (neighbour === undefined)
      neighbours.set(address, (neighbour = { pools: new Map(), inFlight: 0, answeredAtMs: 0, leftOutUntilMs: 0 }));
    return neighbour;
  }

  function isFit({ address }: Instance): boolean {
    const { inFlight, answeredAtMs, leftOutUntilMs } = neighbourAt(address);
    return nowMs() >= leftOutUntilMs && !(inFlight >= SILENT_IN_FLIGHT && nowMs() - answeredAtMs >= SILENT_MS);
  }

  function routeTo(instance: Instance, host: HostClass): BridgeRoute {
    const neighbour = neighbourAt(instance.address);
    if (neighbour.inFlight === 0) neighbour.answeredAtMs = nowMs();
    neighbour.inFlight += 1;
    let pool = neighbour.pools.get(host);
    if (pool === undefined) neighbour.pools.set(host, (pool = connect(instance.address)));
    return {
      address: instance.address,
      region: instance.region,
      dispatcher: pool,
      release(outcome) {
        neighbour.inFlight -= 1;
        if (outcome === 'answered') neighbour.answeredAtMs = nowMs();
        if (outcome === 'failed') neighbour.leftOutUntilMs = nowMs() + LEFT_OUT_MS;
      },
    };
  }

  /** What is under way at gateways that are gone ends by itself. */
  function forgetAllBut(known: readonly Instance[]): void {
    const addresses = new Set(known.map(({ address }) => address));
    for (const [address, { pools }] of neighbours) {
      if (addresses.has(address)) continue;
      neighbours.delete(address);
      for (const pool of pools.values()) void pool.close();
    }
  }

  let picture: readonly Instance[] = [];
  return {
    follow(newer) {
      plan = newer;
    },
    choose(host) {
      if (plan.share === 0 || random() >= plan.share) return undefined;
      const known = rpc.instancesOf('gateway');
      if (known !== picture) forgetAllBut((picture = known));
      const fit = gatewaysToBridgeTo(plan, known).filter(isFit);
      const [one, other] = [0, 1].map(() => fit[Math.floor(random() * fit.length)]);
      if (one === undefined || other === undefined) return undefined;
      return routeTo(neighbourAt(other.address).inFlight < neighbourAt(one.address).inFlight ? other : one, host);
    },
    credential: () => own.credential(),
    async close() {
      const all = [...neighbours.values()].flatMap(({ pools }) => [...pools.values()]);
      neighbours.clear();
      await Promise.all([own.close(), ...all.map((pool) => pool.destroy())]);
    },
  };
}

function connect(address: string): Pool {
  return new Pool(`http://${address}`, {
    connections: CONNECTIONS_MAX,
    pipelining: 1,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // Set for each request by its route.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
}
