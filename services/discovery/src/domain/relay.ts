/** What one copy has to tell the others, and when. It sends nothing itself. Times are monotonic milliseconds. */
export type Relay = {
  /** Something was said to this copy. `isUrgent`: it is told at once; else with others, a little later. */
  noted(key: string, isUrgent: boolean, nowMs: number): void;
  /** What is to be sent now: at most one thing under way to each peer. Each must be answered by `delivered` or `failed`. */
  due(nowMs: number): readonly Sending[];
  delivered(peer: string, nowMs: number): void;
  failed(peer: string, nowMs: number): void;
  /** It is this copy itself, under an address that it was given. */
  drop(peer: string): void;
  /** The peers that did not answer the last time, when they are more than half of all. */
  cutOffFrom(): readonly string[];
};

export type Sending = { readonly peer: string; readonly keys: 'all' | readonly string[] };

type Peer = {
  readonly address: string;
  pending: Set<string>;
  dueAtMs: number;
  sentAtMs: number;
  underWay: Sending | undefined;
  failures: number;
  /** Everything is to be exchanged: at the start, and after it was out of reach. */
  wantsAll: boolean;
};

/** Renewals come from every unit of every process each second: a fifth of that is early enough for leases of 3 s, and few messages. */
const RENEWALS_EVERY_MS = 200;
/** Heals what else nobody would notice; costs a tenth of a renewal. */
const EXCHANGE_EVERY_MS = 5_000;
/** While somebody is out of reach, the others tell what it says: twice within the shortest time that a lease may have left. */
const EXCHANGE_EVERY_MS_CUT = 500;
/** A copy that nobody renews at has nothing to tell, and must find out as early as the others that it is cut off. */
const SILENCE_MS_MAX = 500;
const RETRY_MS = 200;
const RETRY_MS_MAX = 1_000;

export function createRelay(addresses: readonly string[]): Relay {
  const peers = new Map<string, Peer>();
  for (const address of addresses)
    peers.set(address, { address, pending: new Set(), dueAtMs: 0, sentAtMs: 0, underWay: undefined, failures: 0, wantsAll: true });
  let exchangeAtMs = 0;
  let turn = 0;

  /** One of those in reach, in turn, so that each hears of everybody from everybody. */
  function exchangeInTurn(nowMs: number): void {
    if (nowMs < exchangeAtMs) return;
    const all = [...peers.values()];
    const inReach = all.filter((peer) => peer.failures === 0);
    exchangeAtMs = nowMs + (inReach.length < all.length ? EXCHANGE_EVERY_MS_CUT : EXCHANGE_EVERY_MS);
    const next = inReach[turn % Math.max(1, inReach.length)];
    turn += 1;
    if (next === undefined) return;
    next.wantsAll = true;
    next.dueAtMs = nowMs;
  }

  function settle(address: string): { peer: Peer; sent: Sending } | undefined {
    const peer = peers.get(address);
    if (peer?.underWay === undefined) return undefined;
    const sent = peer.underWay;
    peer.underWay = undefined;
    return { peer, sent };
  }

  return {
    noted(key, isUrgent, nowMs) {
      for (const peer of peers.values()) {
        const wasEmpty = peer.pending.size === 0;
        peer.pending.add(key);
        // Who is out of reach is tried again in its own time.
        if (peer.failures > 0) continue;
        if (isUrgent) peer.dueAtMs = nowMs;
        else if (wasEmpty && !peer.wantsAll) peer.dueAtMs = nowMs + RENEWALS_EVERY_MS;
      }
    },
    due(nowMs) {
      exchangeInTurn(nowMs);
      const sendings: Sending[] = [];
      for (const peer of peers.values()) {
        if (peer.underWay !== undefined || nowMs < peer.dueAtMs || !hasToSend(peer, nowMs)) continue;
        peer.sentAtMs = nowMs;
        peer.underWay = { peer: peer.address, keys: peer.wantsAll ? 'all' : [...peer.pending] };
        peer.pending = new Set();
        peer.wantsAll = false;
        sendings.push(peer.underWay);
      }
      return sendings;
    },
    delivered(address) {
      const settled = settle(address);
      if (settled !== undefined) settled.peer.failures = 0;
    },
    failed(address, nowMs) {
      const settled = settle(address);
      if (settled === undefined) return;
      const { peer } = settled;
      // What it says, and what we would have told it, now has to go through the others.
      if (peer.failures === 0) exchangeAtMs = nowMs;
      peer.failures += 1;
      peer.wantsAll = true;
      peer.dueAtMs = nowMs + Math.min(RETRY_MS * 2 ** (peer.failures - 1), RETRY_MS_MAX);
    },
    drop: (address) => peers.delete(address),
    cutOffFrom() {
      const out = [...peers.values()].filter((peer) => peer.failures > 0).map((peer) => peer.address);
      return out.length * 2 > peers.size ? out : [];
    },
  };
}

function hasToSend({ wantsAll, pending, sentAtMs }: Peer, nowMs: number): boolean {
  return wantsAll || pending.size > 0 || nowMs - sentAtMs >= SILENCE_MS_MAX;
}
