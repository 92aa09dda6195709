/** Limits equal answers to one client network, so that nobody is flooded by what somebody else asks in his name. */
export type RateLimiter = {
  /**
   * `kind` says which answers are alike. `brief`: answer so shortly that it is worth nothing to an attacker (truncated: whoever is real comes back by TCP).
   * `client` has 4 or 16 bytes.
   */
  judge(client: Uint8Array, kind: number, nowMs: number): 'send' | 'brief' | 'drop';
};

export type RateLimits = {
  /** Of alike answers to one network, also the most at once; 0 = no limit. */
  readonly perSecond: number;
  /** Every how manieth of the answers beyond is sent briefly; 0 = never, 1 = all. */
  readonly slip: number;
  /** Networks without limits: bytes and how many bits of them count. */
  readonly exempt: readonly { readonly bytes: Uint8Array; readonly prefix: number }[];
  /** Keeps others from choosing names that share a bucket. */
  readonly seed: number;
};

/** As BIND and Knot: what a household, a site or an IPv6 customer has. */
const V4_BYTES = 3;
const V6_BYTES = 7;
/** 1.3 MB. When more networks are limited at once, buckets are taken over, oldest of two first: those taken over are limited later than they should be. */
const BUCKETS = 65_536;
const PRIME = 0x01000193;

/** Response rate limiting as Vixie and Schryver described it (2012), by token buckets. */
export function createRateLimiter({ perSecond, slip, exempt, seed }: RateLimits): RateLimiter {
  const owners = new Uint32Array(BUCKETS);
  const tokens = new Float64Array(BUCKETS);
  const filledAtMs = new Float64Array(BUCKETS);
  let limited = 0;

  function bucketOf(owner: number, nowMs: number): number {
    const first = owner & (BUCKETS - 1);
    const second = first ^ 1;
    if (owners[first] === owner) return first;
    if (owners[second] === owner) return second;
    const taken = (filledAtMs[first] ?? 0) <= (filledAtMs[second] ?? 0) ? first : second;
    owners[taken] = owner;
    tokens[taken] = perSecond;
    filledAtMs[taken] = nowMs;
    return taken;
  }
  return {
    judge(client, kind, nowMs) {
      if (perSecond === 0 || isExempt(exempt, client)) return 'send';
      let owner = (seed ^ kind) >>> 0;
      const bytes = client.length === 4 ? V4_BYTES : V6_BYTES;
      for (let i = 0; i < bytes; i += 1) owner = Math.imul(owner ^ (client[i] ?? 0), PRIME);
      owner = (owner ^ (owner >>> 15)) >>> 0;
      const bucket = bucketOf(owner, nowMs);
      const gained = (Math.max(0, nowMs - (filledAtMs[bucket] ?? 0)) * perSecond) / 1_000;
      const left = Math.min(perSecond, (tokens[bucket] ?? 0) + gained);
      filledAtMs[bucket] = nowMs;
      tokens[bucket] = left >= 1 ? left - 1 : left;
      if (left >= 1) return 'send';
      limited += 1;
      return slip > 0 && limited % slip === 0 ? 'brief' : 'drop';
    },
  };
}

function isExempt(exempt: RateLimits['exempt'], client: Uint8Array): boolean {
  for (const network of exempt) if (network.bytes.length === client.length && isInside(network, client)) return true;
  return false;
}

function isInside({ bytes, prefix }: RateLimits['exempt'][number], client: Uint8Array): boolean {
  const whole = prefix >> 3;
  for (let i = 0; i < whole; i += 1) if (bytes[i] !== client[i]) return false;
  const mask = (0xff00 >> (prefix & 7)) & 0xff;
  return (((bytes[whole] ?? 0) ^ (client[whole] ?? 0)) & mask) === 0;
}
