import { weightOf } from './peer.ts';
import type { Peer } from './peer.ts';

export type Tiers = {
  readonly zone: readonly Peer[];
  /** Without the zone. */
  readonly region: readonly Peer[];
  /** All peers by how much they are to be preferred; nobody is in two. */
  readonly zoneFirst: readonly (readonly Peer[])[];
  readonly regionFirst: readonly (readonly Peer[])[];
};

/**
 * Own zone, the rest of the own region, anywhere; then those that are doubtful, in the same order. Pinned instances may have neither zone nor region: they
 * count as near.
 */
export function tiersOf(peers: readonly Peer[], zone: string, region: string): Tiers {
  const [doubtful, sure] = halves(peers, (peer) => peer.instance.isDoubtful === true);
  const [inZone, inRegion, far] = byDistance(sure, zone, region);
  const others = [far, ...byDistance(doubtful, zone, region)];
  return { zone: inZone, region: inRegion, zoneFirst: [inZone, inRegion, ...others], regionFirst: [inRegion, inZone, ...others] };
}

/** Of a zone: beyond it answers become slow, and what comes in bursts finds no room. */
const PRESSURE_MAX = 0.8;
/** As much as a saturated event loop: so many of our requests wait at each instance, on average. */
const IN_FLIGHT_SATURATED = 32;
/** Moving work to zones that are hardly better off would only make it travel. */
const RELATION_MAX = 1.25;

/**
 * Which share of the requests should leave the own zone for the rest of the region: what its instances have too much, by reported load and by our requests
 * in flight, and what they are too young for. 0 to 1; 0 while the zone is well or the others are no better. A share, not a switch: all callers of a zone see
 * the same, and would move as one.
 */
export function spillOver(tiers: Pick<Tiers, 'zone' | 'region'>, nowMs: number): number {
  if (tiers.zone.length === 0 || tiers.region.length === 0) return 0;
  const own = mean(tiers.zone, pressureOf);
  const excess = own - Math.max(PRESSURE_MAX, RELATION_MAX * mean(tiers.region, pressureOf));
  const warmest = (peers: readonly Peer[]): number => Math.max(...peers.map((peer) => weightOf(peer, nowMs)));
  const young = 1 - warmest(tiers.zone) / Math.max(warmest(tiers.zone), warmest(tiers.region));
  return Math.max(excess > 0 ? excess / own : 0, young);
}

function pressureOf(peer: Peer): number {
  return peer.inFlight / IN_FLIGHT_SATURATED + peer.instance.load;
}

function mean(peers: readonly Peer[], of: (peer: Peer) => number): number {
  return peers.reduce((sum, peer) => sum + of(peer), 0) / peers.length;
}

function byDistance(peers: readonly Peer[], zone: string, region: string): [readonly Peer[], readonly Peer[], readonly Peer[]] {
  const [near, far] = halves(peers, ({ instance }) => instance.region === region || instance.region === '');
  return [...halves(near, ({ instance }) => instance.zone === zone || instance.zone === ''), far];
}

function halves(peers: readonly Peer[], isFirst: (peer: Peer) => boolean): [readonly Peer[], readonly Peer[]] {
  const { first = [], second = [] } = Object.groupBy(peers, (peer) => (isFirst(peer) ? 'first' : 'second'));
  return [first, second];
}
