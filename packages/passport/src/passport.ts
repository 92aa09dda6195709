import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { ClaimsSchema } from '../contract/index.ts';
import type { Claims } from '../contract/index.ts';

/** Where a country comes from, the weakest last. */
export const COUNTRY_SOURCES = ['unknown', 'address', 'payment', 'claimed', 'setting'] as const;
export type CountrySource = (typeof COUNTRY_SOURCES)[number];

/** How strongly it is proven that the account's owner asks; each includes those before it. */
export const ASSURANCES = ['none', 'session', 'profile_pin', 'account_pin', 'credential'] as const;
export type Assurance = (typeof ASSURANCES)[number];

/** Who asks. `accountId` "" is an anonymous visitor, `profileId` "" a member who has chosen none, `country` "" not known. */
export type Passport = {
  readonly accountId: string;
  readonly profileId: string;
  readonly deviceId: string;
  readonly sessionId: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly countryFrom: CountrySource;
  /** As the token had it, for display; who decides asks membership. */
  readonly planTier: string;
  readonly isKids: boolean;
  readonly isOperator: boolean;
  readonly assurance: Assurance;
  /** Of the account when the token was minted; lower ones than the account's are revoked. */
  readonly epoch: number;
  /** Of the one request that the passport is for; "" in access tokens. */
  readonly requestId: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
};

export const ANONYMOUS: Passport = {
  accountId: '',
  profileId: '',
  deviceId: '',
  sessionId: '',
  country: '',
  countryFrom: 'unknown',
  planTier: '',
  isKids: false,
  isOperator: false,
  assurance: 'none',
  epoch: 0,
  requestId: '',
  issuedAtMs: 0,
  expiresAtMs: 0,
};

/** True when `passport` proves at least as much as `needed`. */
export function provesAtLeast({ assurance }: Pick<Passport, 'assurance'>, needed: Assurance): boolean {
  return ASSURANCES.indexOf(assurance) >= ASSURANCES.indexOf(needed);
}

export function claimsOf(passport: Passport): Uint8Array {
  const { countryFrom, assurance } = passport;
  // The lists are in the order of the contract's numbers; a test holds that.
  const numbers = {
    countryFrom: COUNTRY_SOURCES.indexOf(countryFrom) as Claims['countryFrom'],
    assurance: ASSURANCES.indexOf(assurance) as Claims['assurance'],
  };
  return toBinary(ClaimsSchema, create(ClaimsSchema, { ...passport, ...numbers }));
}

/** Null when these are no claims, or of a form that this release does not know. */
export function passportFrom(claims: Uint8Array): Passport | null {
  try {
    const { $typeName: _type, $unknown: _unknown, ...read } = fromBinary(ClaimsSchema, claims);
    const [countryFrom, assurance] = [COUNTRY_SOURCES[read.countryFrom], ASSURANCES[read.assurance]];
    return countryFrom === undefined || assurance === undefined ? null : { ...read, countryFrom, assurance };
  } catch {
    return null;
  }
}
