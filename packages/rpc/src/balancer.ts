import { betterOfTwo } from './better-of-two.ts';
import { createPeer } from './peer.ts';
import type { Peer } from './peer.ts';
import type { DiscoveryView, Instance } from './picture.ts';
import type { Pools } from './pools.ts';
import { spillOver, tiersOf } from './tiers.ts';
import type { Tiers } from './tiers.ts';

export type { Peer } from './peer.ts';

export type Balancer = {
  /**
   * The better of two random instances: own zone first, then own region, then anywhere. Own zone and region share when the zone has too much to do. New
   * instances get one request at a time until they answer, and their full share after ten seconds. Undefined when there is nobody.
   */
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

/** Fewer would eject an instance for the bad luck of a few callers' short deadlines. */
const FAILURES_IN_A_ROW = 5;
/** Requests that wait while none is answered for so long: paused or cut off. Long polls of one caller are fewer. */
const SILENT_IN_FLIGHT = 4;
const SILENT_MS = 1_000;
const EJECTED_FIRST_MS = 1_000;
const EJECTED_MAX_MS = 30_000;
/** When more than half look bad, the fault is likely ours or everybody's: sending to the rest would only crush it. */
const EJECTED_SHARE_MAX = 0.5;
/** How old the share that leaves the zone may be: counting it for every request would cost more than the request's choice. */
const SPILL_EVERY_MS = 50;

/**
 * Zones, two choices and ejection of outliers. An ejected instance comes back on trial: one failure ejects it again, twice as long, one success makes
 * it whole.
 */
export function createBalancer(options: BalancerOptions): Balancer {
  const { unit, view, pools, zone, region, nowMs, random } = options;
  let picture: readonly Instance[] | undefined;
  let peers: Peer[] = [];
  let tiers: Tiers = tiersOf([], zone, region);
  let spill = { share: 0, untilMs: 0 };
  /** Peers that are ejected or unproven: while there are none, every choice is simple. */
  let special = 0;

  function refresh(): void {
    const now = view.instances(unit);
    if (now === picture) return;
    picture = now;
    const known = new Map(peers.map((peer) => [identityOf(peer.instance), peer]));
    peers = now.map((instance) => {
      const peer = known.get(identityOf(instance));
      if (peer === undefined) return createPeer(instance, pools.get(instance.address), nowMs());
      peer.instance = instance;
      peer.dispatcher = pools.get(instance.address);
      return peer;
    });
    tiers = tiersOf(peers, zone, region);
    spill = { share: 0, untilMs: 0 };
    recount();
  }

  function recount(): void {
    special = peers.filter((peer) => peer.ejectedUntilMs > 0 || !peer.isProven).length;
  }

  function takesPart(peer: Peer, at: number): boolean {
    return peer.ejectedUntilMs === 0 || (at >= peer.ejectedUntilMs && peer.inFlight === 0);
  }

  function inOrder(at: number): readonly (readonly Peer[])[] {
    if (at >= spill.untilMs) spill = { share: spillOver(tiers, at), untilMs: at + SPILL_EVERY_MS };
    const leaves = spill.share > 0 && random() < spill.share;
    return leaves ? tiers.regionFirst : tiers.zoneFirst;
  }

  function chooseOf(tier: readonly Peer[], tried: readonly Peer[], at: number): Peer | undefined {
    if (special === 0 && tried.length === 0) return betterOfTwo(tier, at, random);
    const fit = tier.filter((peer) => !tried.includes(peer) && takesPart(peer, at));
    const settled = fit.filter((peer) => peer.isProven || peer.inFlight === 0);
    return betterOfTwo(settled.length > 0 ? settled : fit, at, random);
  }

  function choose(tried: readonly Peer[], at: number): Peer | undefined {
    for (const tier of inOrder(at)) {
      const peer = chooseOf(tier, tried, at);
      if (peer === undefined) continue;
      return isSilent(peer, at) && eject(peer, at) ? choose(tried, at) : peer;
    }
    // Everybody is ejected or was tried: a doubtful instance is better than none.
    const untried = peers.filter((peer) => !tried.includes(peer));
    return betterOfTwo(untried, at, random) ?? betterOfTwo(peers, at, random);
  }

  /** False when too many of its kind are out already. */
  function eject(peer: Peer, at: number): boolean {
    const kind = peers.filter((other) => isDoubtful(other) === isDoubtful(peer));
    const out = kind.filter((other) => other.ejectedUntilMs > 0 && other !== peer).length;
    if (peer.ejectedUntilMs === 0 && (out + 1) / kind.length > EJECTED_SHARE_MAX) return false;
    const forMs = Math.min(EJECTED_FIRST_MS * 2 ** peer.ejections, EJECTED_MAX_MS);
    peer.ejections += 1;
    peer.ejectedUntilMs = at + forMs;
    recount();
    options.onEject?.(peer, forMs);
    return true;
  }

  return {
    choose(tried = []) {
      refresh();
      const at = nowMs();
      const peer = choose(tried, at);
      if (peer?.inFlight === 0) peer.silentSinceMs = at;
      return peer;
    },
    succeeded(peer) {
      peer.failuresInARow = 0;
      peer.silentSinceMs = nowMs();
      if (peer.ejectedUntilMs === 0 && peer.isProven) return;
      peer.isProven = true;
      peer.ejectedUntilMs = 0;
      peer.ejections = 0;
      recount();
    },
    failed(peer) {
      peer.failuresInARow += 1;
      const at = nowMs();
      if (peer.ejectedUntilMs > 0 ? at >= peer.ejectedUntilMs : peer.failuresInARow >= FAILURES_IN_A_ROW) eject(peer, at);
    },
  };
}

function isSilent(peer: Peer, at: number): boolean {
  return peer.inFlight >= SILENT_IN_FLIGHT && at - peer.silentSinceMs >= SILENT_MS;
}

function isDoubtful(peer: Peer): boolean {
  return peer.instance.isDoubtful === true;
}

function identityOf(instance: Instance): string {
  return `${instance.instanceId} ${instance.address}`;
}
