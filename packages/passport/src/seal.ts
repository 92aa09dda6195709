import { createHmac, timingSafeEqual } from 'node:crypto';
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { SealedPassportSchema } from '../contract/index.ts';
import type { Audience } from './audiences.ts';
import type { RotatingKeys } from './keys.ts';
import { claimsOf, passportFrom } from './passport.ts';
import type { Passport } from './passport.ts';

/** A passport in use is some 400 characters; more than this is none. */
export const SEALED_CHARACTERS_MAX = 2_048;
/** How far the clocks of two machines may be apart. */
export const SKEW_MS = 30_000;

/** The header's value: claims with one seal per audience. */
export function sealPassport(passport: Passport, keys: ReadonlyMap<Audience, RotatingKeys>): string {
  const claims = claimsOf(passport);
  const seals = Array.from(keys, ([audience, ring]) => {
    const { name, key } = ring.current();
    return { audience, key: name, mac: macOf(audience, name, key, claims) };
  });
  return Buffer.from(toBinary(SealedPassportSchema, create(SealedPassportSchema, { claims, seals }))).toString('base64url');
}

export type Opened = { readonly kind: 'genuine'; readonly passport: Passport } | { readonly kind: 'refused'; readonly because: string };

/** Checks a passport as a unit of `audience` must before it believes a word of it: genuine, in time, and for this very request. */
export function openPassport(
  sealed: string,
  expected: { audience: Audience; keys: RotatingKeys; requestId: string; nowMs: number },
): Opened {
  const { audience, keys, requestId, nowMs } = expected;
  if (sealed.length > SEALED_CHARACTERS_MAX || !/^[A-Za-z0-9_-]+$/.test(sealed)) return refused('the passport is malformed');
  const read = readSealed(Buffer.from(sealed, 'base64url'));
  if (read === null) return refused('the passport is malformed');
  const seal = read.seals.find((each) => each.audience === audience);
  if (seal === undefined) return refused('the passport is not for this unit');
  const key = keys.find(seal.key);
  if (key === undefined) return refused('the passport is sealed with a key that is not in use');
  const mac = macOf(audience, seal.key, key, read.claims);
  if (seal.mac.length !== mac.length || !timingSafeEqual(mac, seal.mac)) return refused('the passport is not genuine');
  const passport = passportFrom(read.claims);
  if (passport === null) return refused('the passport says what this release does not know');
  if (passport.requestId === '' || passport.requestId !== requestId) return refused('the passport is for another request');
  if (nowMs > passport.expiresAtMs + SKEW_MS) return refused('the passport has expired');
  if (nowMs < passport.issuedAtMs - SKEW_MS) return refused('the passport is of the future: are the clocks set?');
  return { kind: 'genuine', passport };
}

function readSealed(bytes: Uint8Array) {
  try {
    return fromBinary(SealedPassportSchema, bytes);
  } catch {
    return null;
  }
}

function macOf(audience: string, name: string, key: Buffer, claims: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`bioscope-passport-v1\n${audience}\n${name}\n`).update(claims).digest();
}

function refused(because: string): Opened {
  return { kind: 'refused', because };
}
