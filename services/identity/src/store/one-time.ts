import { bytes, newToken, utf8, type KvStore } from '@bioscope/kv';

import { LINK_LIFE_MS, type Link } from '../domain/link.ts';

const LINKS = 'identity_links';
const CHALLENGES = 'identity_challenges';
const ONLY_KEY = bytes('');
/** How long somebody may look for their key, or at their phone. */
const CHALLENGE_LIFE_MS = 5 * 60_000;

/** What was handed out to come back once, under its hash, for a time. That it counts once is decided where it is spent: by the command id of an append. */
export type OneTime = {
  putLink(hash: string, link: Link, nowMs: number): Promise<void>;
  readLink(hash: string, nowMs: number): Promise<Link | null>;
  putChallenge(hash: string, challenge: Challenge, nowMs: number): Promise<void>;
  readChallenge(hash: string, nowMs: number): Promise<Challenge | null>;
};
/** Of a registration: for whom. */
export type Challenge = { readonly kind: 'register'; readonly accountId: string } | { readonly kind: 'sign_in' };

type Stored<T> = { readonly value: T; readonly expiresAtMs: number };

export function oneTimeStore({ items }: Pick<KvStore, 'items'>): OneTime {
  async function put(namespace: string, record: string, value: Link | Challenge, { nowMs, lifeMs }: { nowMs: number; lifeMs: number }) {
    const stored: Stored<Link | Challenge> = { value, expiresAtMs: nowMs + lifeMs };
    // The time to live only clears up (the token's clock is the machine's); what counts is the time written inside.
    const item = { key: ONLY_KEY, value: bytes(JSON.stringify(stored)), ttlMs: lifeMs };
    await items.put({ namespace, record, items: [item], token: newToken() });
  }

  async function read<T extends Link | Challenge>(namespace: string, record: string, nowMs: number): Promise<T | null> {
    const found = (await items.get({ namespace, record, select: { kind: 'keys', keys: [ONLY_KEY] } })).items[0];
    if (found === undefined) return null;
    const stored = JSON.parse(utf8(found.value)) as Stored<T>;
    return nowMs < stored.expiresAtMs ? stored.value : null;
  }

  return {
    putLink: (hash, link, nowMs) => put(LINKS, hash, link, { nowMs, lifeMs: LINK_LIFE_MS[link.purpose] }),
    readLink: (hash, nowMs) => read<Link>(LINKS, hash, nowMs),
    putChallenge: (hash, challenge, nowMs) => put(CHALLENGES, hash, challenge, { nowMs, lifeMs: CHALLENGE_LIFE_MS }),
    readChallenge: (hash, nowMs) => read<Challenge>(CHALLENGES, hash, nowMs),
  };
}
