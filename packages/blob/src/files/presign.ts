import { Buffer } from 'node:buffer';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { checkExpiry } from '../expiry.ts';
import { checkKey } from '../key.ts';

export type PresignedVerdict =
  | { readonly kind: 'granted'; readonly key: string }
  | { readonly kind: 'refused'; readonly because: 'malformed' | 'forged' | 'expired' };

type Grant = { readonly key: string; readonly method: 'GET' | 'PUT'; readonly expiresAtMs: number };

/** `/<key>?method=…&expires=<ms>&signature=<HMAC-SHA-256, base64url>`. */
export function presign(secret: Uint8Array | string, { key, method, expiresAtMs }: Grant, nowMs: number): string {
  checkKey(key);
  const grant = { key, method, expiresAtMs: checkExpiry(expiresAtMs, nowMs) };
  return `/${key}?method=${method}&expires=${grant.expiresAtMs}&signature=${signatureOf(secret, grant).toString('base64url')}`;
}

/** Whether a path and query, as `presign` gave them, allow this method now. Nothing is looked up: the object need not exist. */
export function verifyPresigned(request: { secret: Uint8Array | string; method: string; url: string; nowMs: number }): PresignedVerdict {
  const parts = /^\/([A-Za-z0-9._/-]{1,900})\?method=(GET|PUT)&expires=(\d{1,15})&signature=([A-Za-z0-9_-]{43})$/.exec(request.url);
  if (parts === null) return { kind: 'refused', because: 'malformed' };
  const [, key = '', granted, expires, signature = ''] = parts;
  const method = granted === 'PUT' ? 'PUT' : 'GET';
  const expected = signatureOf(request.secret, { key, method, expiresAtMs: Number(expires) });
  const forged = !timingSafeEqual(expected, Buffer.from(signature, 'base64url'));
  if (forged || request.method !== method) return { kind: 'refused', because: 'forged' };
  return Number(expires) > request.nowMs ? { kind: 'granted', key } : { kind: 'refused', because: 'expired' };
}

function signatureOf(secret: Uint8Array | string, { key, method, expiresAtMs }: Grant): Buffer {
  return createHmac('sha256', secret).update(`bioscope-blob-1\n${method}\n${key}\n${expiresAtMs}`).digest();
}
