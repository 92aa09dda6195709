import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RotatingKeys } from './keys.ts';
import { ANONYMOUS, claimsOf, passportFrom } from './passport.ts';
import type { Passport } from './passport.ts';
import { SKEW_MS } from './seal.ts';

/** What a token says of its member. */
export type AccessClaims = Omit<Passport, 'requestId' | 'issuedAtMs' | 'expiresAtMs' | 'countryFrom'>;

/** The short-lived tokens that identity hands out and the gateway turns into passports. `port<AccessTokens>('accessTokens')`. */
export type AccessTokens = {
  /** `lifeMs` at most an hour: until then a token needs no look-up anywhere, and only revocation ends it earlier. */
  readonly mint: (claims: AccessClaims, lifeMs: number) => { readonly token: string; readonly expiresAtMs: number };
  /** The country in it is what the account says, not where the request comes from. */
  readonly check: (token: string) => CheckedToken;
};
export type CheckedToken =
  | { readonly kind: 'genuine'; readonly passport: Passport }
  | { readonly kind: 'refused'; readonly because: 'malformed' | 'forged' | 'expired' };

const PREFIX = 'bat1';
const FORMAT = /^bat1\.([a-z0-9]{1,16})\.([A-Za-z0-9_-]{1,1024})\.([A-Za-z0-9_-]{43})$/;
const LIFE_MS_MAX = 3_600_000;

/** `bat1.<key name>.<claims>.<mac>`: claims are protobuf, the MAC is HMAC-SHA-256 over what stands before it; base64url. */
export function accessTokens({ keys, nowMs }: { keys: RotatingKeys; nowMs: () => number }): AccessTokens {
  return {
    mint(claims, lifeMs) {
      const issuedAtMs = nowMs();
      const expiresAtMs = issuedAtMs + Math.min(lifeMs, LIFE_MS_MAX);
      const { name, key } = keys.current();
      const said = claimsOf({ ...ANONYMOUS, ...claims, countryFrom: 'claimed', issuedAtMs, expiresAtMs });
      const text = `${PREFIX}.${name}.${Buffer.from(said).toString('base64url')}`;
      return { token: `${text}.${macOf(key, text).toString('base64url')}`, expiresAtMs };
    },
    check(token) {
      const [, name = '', said = '', given = ''] = FORMAT.exec(token) ?? [];
      if (said === '') return { kind: 'refused', because: 'malformed' };
      const key = keys.find(name);
      // A key that is no longer in use is weeks old: so is the token.
      if (key === undefined) return { kind: 'refused', because: 'expired' };
      if (!timingSafeEqual(macOf(key, token.slice(0, token.lastIndexOf('.'))), Buffer.from(given, 'base64url'))) {
        return { kind: 'refused', because: 'forged' };
      }
      const passport = passportFrom(Buffer.from(said, 'base64url'));
      if (passport === null || passport.accountId === '') return { kind: 'refused', because: 'malformed' };
      if (nowMs() > passport.expiresAtMs || nowMs() < passport.issuedAtMs - SKEW_MS) return { kind: 'refused', because: 'expired' };
      return { kind: 'genuine', passport };
    },
  };
}

function macOf(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
