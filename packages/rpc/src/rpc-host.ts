import { randomUUID } from 'node:crypto';
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Counter, Logger, Metrics } from '@bioscope/telemetry';
import { createBalancer } from './balancer.ts';
import type { Balancer } from './balancer.ts';
import type { RpcFaults } from './faults.ts';
import { fetchFrom } from './http-client.ts';
import { createIdentity } from './identity.ts';
import { keysFromSecret, UNIT_NAME } from './keys.ts';
import type { KeyRing } from './keys.ts';
import { createLastAnswers } from './last-answers.ts';
import { listen } from './listener.ts';
import { createPicture } from './picture.ts';
import type { DiscoveryView, Instance } from './picture.ts';
import { createPools } from './pools.ts';
import type { Pools } from './pools.ts';
import type { Rpc, RpcHost } from './port.ts';
import { createRegistry, unitOf } from './registry.ts';
import { createRetryBudget } from './retry-budget.ts';
import { createClient } from './unary-client.ts';
import type { Line, LineFaults } from './unary-client.ts';
import { createUpstream } from './upstream.ts';
import { createWires } from './wire/wires.ts';
import type { Outcome, Wires } from './wire/wires.ts';

export type RpcHostOptions = {
  /** 64 hexadecimal digits, or the keys that an orchestrator issued to this process. */
  readonly secret: string | KeyRing;
  /** The units of this process: those that may call and serve through this host. */
  readonly units: readonly string[];
  readonly zone: string;
  readonly region: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly discovery: DiscoveryView;
  readonly log: Logger;
  readonly metrics: Metrics;
  /** Where faults on purpose are decided; without it none can be ordered. */
  readonly faults?: RpcFaults;
};

export type RunningRpcHost = RpcHost & {
  /** host:port under which other processes reach it. */
  readonly address: string;
  readonly instanceId: string;
  readonly units: readonly string[];
  readonly zone: string;
  readonly region: string;
  /** Units that serve something by now: what is to be registered with discovery. */
  serving(): readonly string[];
  onServing(listener: () => void): () => void;
  /** 0 idle to 1 saturated: the event loop's busy share since the last time this was asked. */
  load(): number;
  /** After withdrawing from discovery: refuses what is new (safe to send elsewhere) and finishes what is under way, until the signal aborts. */
  drain(deadline?: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

/** To one instance; a call holds a connection while it is under way, so this is also how many calls move at once. */
const CONNECTIONS_MAX = 256;
/** Callers that wait for somebody to serve a unit are woken at least this often. */
const PICTURE_WAIT_MS_MAX = 1_000;
const DRAIN_MS = 10_000;

/** One RPC listener and one set of connections for all units of a process. The process's own units reach each other through the network too. */
export async function createRpcHost(options: RpcHostOptions): Promise<RunningRpcHost> {
  for (const unit of options.units) assert.match(unit, UNIT_NAME, `"${unit}" is not a unit name`);
  const { discovery, log, metrics, zone, region, units } = options;
  const keys = typeof options.secret === 'string' ? keysFromSecret(options.secret, units) : options.secret;
  const identity = createIdentity({ keys, nowMs: Date.now });
  const registry = createRegistry();
  const listener = await listen({ ...options.listen, units, registry, identity, log, metrics, faults: options.faults });
  const pools = createPools({ connectionsMax: CONNECTIONS_MAX });
  const faults = options.faults && { rules: options.faults, last: createLastAnswers<Outcome>() };
  const wires = createWires({ connectionsMax: CONNECTIONS_MAX });
  const forget = discovery.onChange(() => {
    pools.keepOnly(discovery.addresses());
    wires.keepOnly(discovery.addresses());
  });
  const balancers = new Map<string, Balancer>();
  const lines = new Map<string, Line>();
  const retries = metrics.counter('bioscope_rpc_client_retries_total', 'Calls sent again.', ['unit']);
  const ejections = metrics.counter('bioscope_rpc_client_ejections_total', 'Instances taken out for failing.', ['unit']);
  let usage = performance.eventLoopUtilization();

  function balancerOf(unit: string, through: Pools, view: DiscoveryView = discovery): Balancer {
    return createBalancer({
      unit,
      view,
      pools: through,
      zone,
      region,
      nowMs: () => performance.now(),
      random: Math.random,
      onEject(peer, forMs) {
        ejections.add({ unit });
        log.warn({ unit, address: peer.instance.address, forMs }, 'an instance keeps failing and is left out for a while');
      },
    });
  }

  function lineOf(caller: string, unit: string, at = ''): Line {
    const name = `${caller} ${unit} ${at}`;
    let line = lines.get(name);
    if (line === undefined) {
      const place = `${unit} ${at}`;
      let balancer = balancers.get(place);
      if (balancer === undefined) {
        balancer = balancerOf(unit, pools, at === '' ? discovery : createPicture([{ service: unit, address: at }]));
        balancers.set(place, balancer);
      }
      line = createLine({ caller, unit, faults, balancer, wires, retries, discovery, credential: () => identity.credential(caller, unit) });
      lines.set(name, line);
    }
    return line;
  }

  function bind(unit: string): Rpc {
    assert(units.includes(unit), `"${unit}" is not among the units of this process: ${units.join(', ')}`);
    return {
      serve: (service, handlers, allowed, limits) => registry.serve(unit, service, handlers, allowed, limits),
      mount: (prefix, handler, allowed) => registry.mount(unit, prefix, handler, allowed),
      client: (service, how) => createClient(service, lineOf(unit, unitOf(service), how?.at), how?.answerBytesMax),
      addressesOf: (audience) => nearestFirst(discovery.instances(audience), { zone, region }).map(({ address }) => address),
      instancesOf: (audience) => discovery.instances(audience),
      fetch: (audience, path, how) => fetchFrom(lineOf(unit, audience), path, how ?? {}),
      upstream(audience, { connectionsMax }) {
        const own = createPools({ connectionsMax });
        return createUpstream({
          unit: audience,
          discovery,
          pools: own,
          balancer: balancerOf(audience, own),
          credential: () => identity.credential(unit, audience),
        });
      },
    };
  }

  return {
    as: bind,
    address: listener.address,
    instanceId: randomUUID(),
    units,
    zone,
    region,
    serving: () => registry.serving(),
    onServing: (told) => registry.onServing(told),
    load() {
      const since = performance.eventLoopUtilization(usage);
      usage = performance.eventLoopUtilization();
      return since.utilization;
    },
    drain: (deadline) => listener.drain(deadline ?? AbortSignal.timeout(DRAIN_MS)),
    async close() {
      forget();
      wires.close();
      await pools.close();
      await listener.close();
    },
  };
}

function nearestFirst(instances: readonly Instance[], from: Pick<Instance, 'zone' | 'region'>): readonly Instance[] {
  const distance = (to: Instance): number => (to.region !== from.region ? 2 : to.zone === from.zone ? 0 : 1);
  return instances.toSorted((one, other) => distance(one) - distance(other) || (one.address < other.address ? -1 : 1));
}

function createLine(needs: {
  caller: string;
  faults: LineFaults | undefined;
  unit: string;
  balancer: Balancer;
  wires: Wires;
  retries: Counter;
  discovery: DiscoveryView;
  credential: () => string | undefined;
}): Line {
  return {
    caller: needs.caller,
    faults: needs.faults,
    unit: needs.unit,
    balancer: needs.balancer,
    wires: needs.wires,
    retries: needs.retries,
    credential: needs.credential,
    budget: createRetryBudget(() => performance.now()),
    changed: (withinMs) => nextChange(needs.discovery, withinMs),
    random: Math.random,
  };
}

async function nextChange(view: DiscoveryView, withinMs: number): Promise<void> {
  const woken = new AbortController();
  const forget = view.onChange(() => woken.abort());
  await sleep(Math.min(Math.max(0, withinMs), PICTURE_WAIT_MS_MAX), undefined, { signal: woken.signal }).catch(() => undefined);
  forget();
}
