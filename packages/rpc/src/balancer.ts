import type { Dispatcher } from 'undici';
import type { DiscoveryView, Instance } from './picture.ts';
import type { Pools } from './pools.ts';

/** One instance as this process sees it. */
export type Peer = {
  instance: Instance;
  dispatcher: Dispatcher;
  inFlight: number;
  failuresInARow: number;
  ejections: number;
  /** Monotonic; 0 while it takes part. */
  ejectedUntilMs: number;
};

export type Balancer = {
  /** The better of two random instances: own zone first, then own region, then anywhere. Undefined when there is none. */
  choose(tried?: readonly Peer[]): Peer | undefined;
  succeeded(peer: Peer): void;
  failed(peer: Peer): void;
};

export type BalancerOptions = {
  readonly unit: string;
  readonly view: DiscoveryView;
  readonly pools: Pools;
  readonly zone: string;
  readonly region: string;
  /** Monotonic. */
  readonly nowMs: () => number;
  /** 0 to below 1. */
  readonly random: () => number;
  readonly onEject?: (peer: Peer, forMs: number) => void;
};

/** An instance that says it is saturated counts as if it had this many more requests of ours. */
const LOAD_WEIGHT = 10;
/** Fewer would eject an instance for the bad luck of a few callers' short deadlines. */
const FAILURES_IN_A_ROW = 5;
const EJECTED_FIRST_MS = 1_000;
const EJECTED_MAX_MS = 30_000;
/** When more than half look bad, the fault is likely ours or everybody's: sending to the rest would only crush it. */
const EJECTED_SHARE_MAX = 0.5;

/**
 * Power of two choices (Mitzenmacher 2001) over requests in flight and reported load, with ejection of outliers. An ejected instance comes back on
 * trial: one failure ejects it again, twice as long, one success makes it whole.
 */
export function createBalancer(options: BalancerOptions): Balancer {
  const { unit, view, pools, zone, region, nowMs, random } = options;
  let picture: readonly Instance[] | undefined;
  let peers: Peer[] = [];
  let tiers: readonly Peer[][] = [];
  let ejected = 0;

  function refresh(): void {
    const now = view.instances(unit);
    if (now === picture) return;
    picture = now;
    const known = new Map(peers.map((peer) => [identityOf(peer.instance), peer]));
    peers = now.map((instance) => {
      const peer = known.get(identityOf(instance));
      if (peer === undefined) return join(instance, pools.get(instance.address));
      peer.instance = instance;
      peer.dispatcher = pools.get(instance.address);
      return peer;
    });
    tiers = tiersOf(peers, zone, region);
    recount();
  }

  function recount(): void {
    ejected = peers.filter((peer) => peer.ejectedUntilMs > 0).length;
  }

  function takesPart(peer: Peer): boolean {
    return peer.ejectedUntilMs === 0 || (nowMs() >= peer.ejectedUntilMs && peer.inFlight === 0);
  }

  return {
    choose(tried = []) {
      refresh();
      for (const tier of tiers) {
        const fit = ejected === 0 && tried.length === 0 ? tier : tier.filter((peer) => !tried.includes(peer) && takesPart(peer));
        const peer = betterOfTwo(fit, random);
        if (peer !== undefined) return peer;
      }
      // Everybody is ejected or was tried: a doubtful instance is better than none.
      return (
        betterOfTwo(
          peers.filter((peer) => !tried.includes(peer)),
          random,
        ) ?? betterOfTwo(peers, random)
      );
    },
    succeeded(peer) {
      peer.failuresInARow = 0;
      if (peer.ejectedUntilMs === 0) return;
      peer.ejectedUntilMs = 0;
      peer.ejections = 0;
      recount();
    },
    failed(peer) {
      peer.failuresInARow += 1;
      const onTrial = peer.ejectedUntilMs > 0;
      if (onTrial ? nowMs() < peer.ejectedUntilMs : peer.failuresInARow < FAILURES_IN_A_ROW) return;
      if (!onTrial && (ejected + 1) / peers.length > EJECTED_SHARE_MAX) return;
      const forMs = Math.min(EJECTED_FIRST_MS * 2 ** peer.ejections, EJECTED_MAX_MS);
      peer.ejections += 1;
      peer.ejectedUntilMs = nowMs() + forMs;
      recount();
      options.onEject?.(peer, forMs);
    },
  };
}

function join(instance: Instance, dispatcher: Dispatcher): Peer {
  return { instance, dispatcher, inFlight: 0, failuresInARow: 0, ejections: 0, ejectedUntilMs: 0 };
}

function identityOf(instance: Instance): string {
  return `${instance.instanceId} ${instance.address}`;
}

function tiersOf(peers: readonly Peer[], zone: string, region: string): Peer[][] {
  // Pinned instances may have no zone: they count as near.
  const inRegion = peers.filter((peer) => peer.instance.region === region || peer.instance.region === '');
  const inZone = inRegion.filter((peer) => peer.instance.zone === zone || peer.instance.zone === '');
  return [inZone, inRegion, [...peers]];
}

function betterOfTwo(peers: readonly Peer[], random: () => number): Peer | undefined {
  if (peers.length <= 1) return peers[0];
  const first = Math.floor(random() * peers.length);
  const second = (first + 1 + Math.floor(random() * (peers.length - 1))) % peers.length;
  const a = peers[first];
  const b = peers[second];
  if (a === undefined || b === undefined) return a ?? b;
  return cost(b) < cost(a) ? b : a;
}

function cost(peer: Peer): number {
  return peer.inFlight + LOAD_WEIGHT * peer.instance.load;
}
