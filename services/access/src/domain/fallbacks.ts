import type { SignalName } from '../../contract/index.ts';
import type { Learned, Seen } from './signals.ts';

export const ACTION_NAMES = ['browse', 'play', 'download', 'manageAccount', 'manageProfiles', 'operate'] as const;
export type ActionName = (typeof ACTION_NAMES)[number];

/** What a decision does when a source does not answer, and what it last told is too old or was never told. */
export const OTHERWISES = {
  /** Refused with a code of its own and "try_again". */
  refuse: 'the action is refused, to be tried again',
  /** As if the signal were good: only where that gives nothing away. */
  go_on: 'the action is decided without it',
  /** As the strictest ceiling. */
  titles_for_everybody: 'only titles that suit everybody',
  titles_of_every_country: 'only titles that are offered everywhere',
  /** The right is bound to a limit which its owner holds exactly. */
  bound_by_limit: 'granted with a limit that the owner of the count holds',
} as const;
export type Otherwise = keyof typeof OTHERWISES;

export type Fallback = {
  /** So long the last that was told counts in full. */
  readonly lastKnownMsMax: number;
  /** So long, if longer, it counts for less (`DEGRADED_HEIGHT_MAX`). */
  readonly degradedMsMax: number;
  readonly otherwise: Otherwise;
};

/** A membership of which nothing was heard for long gives this much, whatever the plan. */
export const DEGRADED_HEIGHT_MAX = 720;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const minutes = (count: number, otherwise: Otherwise): Fallback => ({
  lastKnownMsMax: count * MINUTE_MS,
  degradedMsMax: count * MINUTE_MS,
  otherwise,
});
const never = (otherwise: Otherwise): Fallback => minutes(0, otherwise);

/**
 * The fallback of each action for each signal it looks at; what is not here, the action does not look at. The shelves stay open as long as possible; a film
 * goes on for half a working day without membership; a download, which outlives the moment, asks for the most.
 */
export const FALLBACKS: { readonly [A in ActionName]: { readonly [S in SignalName]?: Fallback } } = {
  browse: {
    membership: minutes(240, 'go_on'),
    profile: minutes(60, 'titles_for_everybody'),
    title: minutes(60, 'refuse'),
    country: never('titles_of_every_country'),
  },
  play: {
    membership: { lastKnownMsMax: 30 * MINUTE_MS, degradedMsMax: 4 * HOUR_MS, otherwise: 'refuse' },
    profile: minutes(60, 'titles_for_everybody'),
    title: minutes(60, 'refuse'),
    country: never('titles_of_every_country'),
    streams: never('bound_by_limit'),
    // Nobody is locked out by what they cannot mend now: who would sign a device out needs identity. The streams at once stay bounded all the same.
    devices: minutes(10, 'go_on'),
  },
  download: {
    membership: minutes(10, 'refuse'),
    profile: minutes(10, 'titles_for_everybody'),
    title: minutes(10, 'refuse'),
    country: never('titles_of_every_country'),
    devices: never('refuse'),
  },
  // Whether the profile is one for kids, the passport says too.
  manageAccount: { account: minutes(10, 'refuse'), profile: minutes(10, 'go_on') },
  manageProfiles: { account: minutes(10, 'refuse'), profile: minutes(10, 'go_on') },
  operate: {},
};

/**
 * How much what was learned counts. `isBad`: a no counts until there is another answer, however old: what is not known must not give more than what is
 * known. `endsAtMs`: from then on it says nothing (0: never).
 */
export function weigh<T>(
  learned: Learned<T> | null,
  fallback: Fallback | undefined,
  { nowMs, isBad = () => false, endsAtMs = () => 0 }: { nowMs: number; isBad?: (value: T) => boolean; endsAtMs?: (value: T) => number },
): Seen<T> {
  if (learned === null || fallback === undefined) return { confidence: 'unknown' };
  const { value, learnedAtMs, isFresh } = learned;
  if (isFresh) return { confidence: 'fresh', value, learnedAtMs };
  if (isBad(value)) return { confidence: 'last_known', value, learnedAtMs };
  const ends = endsAtMs(value);
  const ageMs = nowMs - learnedAtMs;
  if ((ends > 0 && nowMs >= ends) || ageMs > Math.max(fallback.lastKnownMsMax, fallback.degradedMsMax)) return { confidence: 'unknown' };
  return { confidence: ageMs <= fallback.lastKnownMsMax ? 'last_known' : 'degraded', value, learnedAtMs };
}
