import { weightOf } from './peer.ts';
import type { Peer } from './peer.ts';

/** An instance that says it is saturated counts as if it had this many more requests of ours. */
const LOAD_WEIGHT = 10;

/**
 * Power of two choices (Mitzenmacher 2001) over requests in flight and reported load. Of two of different age the younger is passed over as often as its
 * weight is smaller, so that its share grows with it. `random` gives 0 to below 1.
 */
export function betterOfTwo(peers: readonly Peer[], nowMs: number, random: () => number): Peer | undefined {
  if (peers.length <= 1) return peers[0];
  const first = Math.floor(random() * peers.length);
  const second = (first + 1 + Math.floor(random() * (peers.length - 1))) % peers.length;
  const a = peers[first];
  const b = peers[second];
  if (a === undefined || b === undefined) return a ?? b;
  const weightA = weightOf(a, nowMs);
  const weightB = weightOf(b, nowMs);
  if (weightA !== weightB && random() >= Math.min(weightA, weightB) / Math.max(weightA, weightB)) return weightA > weightB ? a : b;
  return cost(b) < cost(a) ? b : a;
}

function cost(peer: Peer): number {
  return peer.inFlight + LOAD_WEIGHT * peer.instance.load;
}
