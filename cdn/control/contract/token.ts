/**
 * Segment tokens: the right to fetch the files of one edition from any appliance, for about ten minutes.
 *
 * URL: `<base>/t/<token>/<edition id>/<file>`.
 * Token: `<key id>.<expiry>.<session id>.<mac>`; expiry is Unix seconds in decimal; mac is base64url without padding of
 * HMAC-SHA-256(key, `bioscope-segment-1\n<key id>\n<expiry>\n<session id>\n<edition id>`).
 * Neither host nor file is signed, so that steering may move a session and one token serves a whole edition.
 * The check that runs in nginx is `cdn/appliance/src/nginx/token.js`; both are held
 * to the vectors in `token-vectors.ts`.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

export const TOKEN_LIFE_MS = 10 * 60_000;

export type SegmentTokenClaims = { readonly editionId: string; readonly sessionId: string; readonly expiresAtMs: number };
export type SegmentTokenKey = { readonly id: string; readonly secret: Uint8Array };
export type SegmentTokenVerdict =
  | { kind: 'valid'; sessionId: string; expiresAtMs: number }
  | { kind: 'refused'; because: 'malformed' | 'unknown_key' | 'expired' | 'wrong_mac' };

/** The expiry is rounded up to a whole second. Ids must match `[A-Za-z0-9_-]+`. */
export function signSegmentToken(key: SegmentTokenKey, claims: SegmentTokenClaims): string {
  const expiry = Math.ceil(claims.expiresAtMs / 1000);
  const mac = macOf(key, { expiry, sessionId: claims.sessionId, editionId: claims.editionId });
  return `${key.id}.${expiry}.${claims.sessionId}.${mac.toString('base64url')}`;
}

export function verifySegmentToken(keys: readonly SegmentTokenKey[], token: string, editionId: string, nowMs: number): SegmentTokenVerdict {
  const match = TOKEN.exec(token);
  if (match === null) return { kind: 'refused', because: 'malformed' };
  const [, keyId = '', expiryText = '', sessionId = '', mac = ''] = match;
  const key = keys.find((candidate) => candidate.id === keyId);
  if (key === undefined) return { kind: 'refused', because: 'unknown_key' };
  const expected = macOf(key, { expiry: Number(expiryText), sessionId, editionId });
  const given = Buffer.from(mac, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return { kind: 'refused', because: 'wrong_mac' };
  const expiresAtMs = Number(expiryText) * 1000;
  return expiresAtMs > nowMs ? { kind: 'valid', sessionId, expiresAtMs } : { kind: 'refused', because: 'expired' };
}

// No leading zero: an expiry has one spelling, so that the check in nginx can take it as text.
const TOKEN = /^([a-z0-9]{1,8})\.([1-9][0-9]{8,10})\.([A-Za-z0-9_-]{1,64})\.([A-Za-z0-9_-]{43})$/;

function macOf(key: SegmentTokenKey, claims: { expiry: number; sessionId: string; editionId: string }): Buffer {
  return createHmac('sha256', key.secret)
    .update(`bioscope-segment-1\n${key.id}\n${claims.expiry}\n${claims.sessionId}\n${claims.editionId}`)
    .digest();
}
