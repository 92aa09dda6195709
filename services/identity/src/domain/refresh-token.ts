import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * A refresh token: `<session>.<family>.<secret>`. The family part stays the same as long as the session lives and tells a token that was genuine
 * once from a made-up one; the secret is good once. Of both only SHA-256 is stored.
 */
export type RefreshToken = { readonly sessionId: string; readonly family: string; readonly secret: string };

const FORMAT = /^([A-Za-z0-9-]{1,64})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/;

export function readRefreshToken(text: string): RefreshToken | null {
  const [, sessionId, family, secret] = FORMAT.exec(text) ?? [];
  return sessionId === undefined || family === undefined || secret === undefined ? null : { sessionId, family, secret };
}

export function writeRefreshToken({ sessionId, family, secret }: RefreshToken): string {
  return `${sessionId}.${family}.${secret}`;
}

/** `random`: 48 bytes. */
export function firstRefreshToken(sessionId: string, random: Buffer): RefreshToken {
  return { sessionId, family: random.subarray(0, 16).toString('base64url'), secret: random.subarray(16, 48).toString('base64url') };
}

/**
 * The secret after `secret`: HMAC-SHA-256 over a nonce that the store keeps. Whoever still has the old secret and asks again gets the same
 * successor, which is nowhere stored; from the store alone neither follows.
 */
export function successor(secret: string, nonce: string): string {
  return createHmac('sha256', secret).update(nonce).digest('base64url');
}

export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

export function isHashOf(hash: string, text: string): boolean {
  const [a, b] = [Buffer.from(hash), Buffer.from(hashOf(text))];
  return a.length === b.length && timingSafeEqual(a, b);
}
