import type { OfferedWindow } from '@bioscope/catalog/contract';
import type { Passport } from '@bioscope/passport';

/** What a source told, and when. */
export type Learned<T> = {
  readonly value: T;
  readonly learnedAtMs: number;
  /** Within the staleness bound of its source; false: the source does not answer, and this is the last it told. */
  readonly isFresh: boolean;
};

/** "degraded": too old to count in full. */
export const CONFIDENCES = ['fresh', 'last_known', 'degraded', 'unknown'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** A signal as a decision takes it. Unknown is a value: what a decision makes of it is in `fallbacks.ts` and in the policies. */
export type Seen<T> =
  | { readonly confidence: 'fresh' | 'last_known' | 'degraded'; readonly value: T; readonly learnedAtMs: number }
  | { readonly confidence: 'unknown' };

/** "other": not entitled for a reason that this release does not know. */
export const STANDINGS = ['entitled', 'never_member', 'payment_needed', 'on_hold', 'lapsed', 'other'] as const;
export type Standing = (typeof STANDINGS)[number];

/** What membership says of an account. */
export type Entitlement = {
  readonly standing: Standing;
  readonly heightMax: number;
  readonly streamsMax: number;
  readonly downloadDevicesMax: number;
  /** Signed in to watch; 0: any number. */
  readonly devicesMax: number;
  /** When time alone changes this; 0: never. */
  readonly changesAtMs: number;
};

/** What identity says of an account. */
export type HouseholdFacts = {
  readonly hasAccountPin: boolean;
  /** As the member claimed; "" when not known. */
  readonly country: string;
  readonly profiles: readonly ProfileFacts[];
};
export type ProfileFacts = { readonly id: string; readonly ceiling: number; readonly isKids: boolean; readonly hasEntryPin: boolean };

/**
 * What identity says of the devices on which an account is signed in: by their ids, 1 for the one that signed in first. A device that stays signed in moves
 * forward when others leave, and never back.
 */
export type DeviceRanks = ReadonlyMap<string, number>;

/** What the catalog says of a title. */
export type TitleFacts = {
  readonly isPlayable: boolean;
  readonly maturity: number;
  readonly windows: readonly OfferedWindow[];
  /** 0: not known. */
  readonly heightMax: number;
};

/** Who asks, as far as decisions look at it. */
export type Asker = Pick<
  Passport,
  'accountId' | 'profileId' | 'deviceId' | 'isKids' | 'isOperator' | 'assurance' | 'country' | 'countryFrom'
>;
