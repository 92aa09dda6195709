import { ACTIONS } from './policies.ts';
import type { ActionId } from './policies.ts';

/** What the services know of one request, in plain JavaScript. */
export type StreamingRequest = {
  readonly action: ActionId;
  readonly account: {
    readonly id: string;
    readonly status: string;
    readonly plan: string;
    readonly streamsMax: number;
    readonly fraudScore: number;
  };
  readonly profile: {
    readonly id: string;
    readonly isOwner: boolean;
    readonly isKids: boolean;
    readonly maturityMax: number;
    readonly pinAbove: number | undefined;
    readonly blockedIds: readonly string[] | undefined;
  };
  readonly device: {
    readonly id: string;
    readonly kind: string;
    readonly isTrusted: boolean;
    readonly drmLevel: number;
    readonly resolutionMax: number;
  };
  readonly title: {
    readonly id: string;
    readonly isFree: boolean;
    readonly maturity: number;
    readonly countries: readonly string[];
    readonly fromMs: number;
    readonly untilMs: number;
    readonly drmLevel: number;
  };
  readonly country: string;
  readonly resolution: number;
  readonly streams: number;
  readonly nowMs: number;
  readonly isPinEntered: boolean;
  readonly isAtHome: boolean;
  readonly travelDays: number;
};

const NOW_MS = Date.UTC(2026, 10, 27);
const DAY_MS = 86_400_000;
const COUNTRIES = ['DE', 'FR', 'GB', 'US', 'JP', 'BR'] as const;

/** Requests as members make them: most are fine, every policy decides some. The same seed, the same requests. */
export function randomRequests(count: number, seed: number): readonly StreamingRequest[] {
  const random = chances(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const chance = (probability: number): boolean => random() < probability;
  const oneOf = <T>(pool: readonly T[]): T => pool[below(pool.length)] as T;
  const accounts = Array.from({ length: 500 }, (_each, index) => ({
    id: `account-${index}`,
    status: chance(0.85) ? 'active' : oneOf(['grace', 'hold', 'closed']),
    plan: oneOf(['ads', 'standard', 'premium']),
    streamsMax: chance(0.3) ? 4 : 2,
    fraudScore: chance(0.95) ? below(600) : below(1000),
  }));
  const devices = Array.from({ length: 1000 }, (_each, index) => ({
    id: `device-${index}`,
    kind: oneOf(['television', 'phone', 'browser']),
    isTrusted: chance(0.8),
    drmLevel: oneOf([1, 3, 3, 3]),
    resolutionMax: oneOf([1080, 2160]),
  }));
  const titles = Array.from({ length: 300 }, (_each, index) => ({
    id: `title-${index}`,
    isFree: chance(0.1),
    maturity: oneOf([0, 6, 7, 12, 16, 18]),
    countries: COUNTRIES.filter(() => chance(0.9)),
    fromMs: NOW_MS - DAY_MS * (chance(0.95) ? 100 : -10),
    untilMs: NOW_MS + DAY_MS * (chance(0.95) ? 100 : 0),
    drmLevel: oneOf([1, 1, 2, 3]),
  }));
  return Array.from({ length: count }, (_each, index): StreamingRequest => {
    const isKids = chance(0.15);
    return {
      action: chance(0.6) ? 'play' : oneOf(ACTIONS),
      account: oneOf(accounts),
      profile: {
        id: `profile-${index}`,
        isOwner: chance(0.4),
        isKids,
        maturityMax: isKids ? 12 : 18,
        pinAbove: chance(0.2) ? 16 : undefined,
        blockedIds: chance(0.1) ? [oneOf(titles).id, oneOf(titles).id] : undefined,
      },
      device: oneOf(devices),
      title: oneOf(titles),
      country: oneOf(COUNTRIES),
      resolution: oneOf([480, 720, 1080, 1080, 2160]),
      streams: chance(0.9) ? below(2) : below(6),
      nowMs: NOW_MS,
      isPinEntered: chance(0.5),
      isAtHome: chance(0.8),
      travelDays: below(40),
    };
  });
}

function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
