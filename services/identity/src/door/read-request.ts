import type { IncomingMessage } from 'node:http';

import { clientAddress } from '../domain/client-address.ts';
import { refused, type Refusal } from '../domain/refusal.ts';
import type { Site } from '../handlers/passkeys.ts';
import { readCookie, SESSION_COOKIE, SIGN_UP_COOKIE } from './cookies.ts';

/** A request of the app, as far as it may be believed. */
export type Asked = {
  readonly kind: 'asked';
  readonly body: Body;
  readonly refreshToken: string;
  readonly browserSecret: string;
  readonly address: string;
  readonly isSecure: boolean;
  readonly site: Site;
};
export type Body = Readonly<Record<string, unknown>>;

/** A header that no form and no link can send: together with the origin it says that our own page asks. */
export const APP_HEADER = 'x-bioscope-app';
/** A passkey's answer with an attestation is the largest: some 4 KiB. */
const BODY_BYTES_MAX = 32 * 1024;

/** Reads and checks a POST. Cookies are never looked at before the same-origin check. */
export async function readRequest(request: IncomingMessage): Promise<Asked | Refusal> {
  const { headers } = request;
  const site = siteOf(request);
  if (site === null) return refused('not_same_origin');
  if (!(headers['content-type'] ?? '').startsWith('application/json'))
    return refused('malformed', { message: 'The body must be application/json.' });
  const text = await readText(request);
  if (text === null) return refused('too_large');
  const body = parse(text);
  if (body === null) return refused('malformed', { message: 'The body must be a JSON object.' });
  return {
    kind: 'asked',
    body,
    refreshToken: readCookie(headers.cookie, SESSION_COOKIE),
    browserSecret: readCookie(headers.cookie, SIGN_UP_COOKIE),
    address: clientAddress(one(headers['x-forwarded-for'])),
    isSecure: site.origin.startsWith('https:'),
    site,
  };
}

/** A text of the body; empty when there is none. */
export function textOf(body: Body, name: string): string {
  const value = body[name];
  return typeof value === 'string' ? value : '';
}

/** Null unless the page that asks is of the very host that it asks. */
function siteOf({ headers }: IncomingMessage): Site | null {
  const host = one(headers['x-forwarded-host']) ?? '';
  const scheme = one(headers['x-forwarded-proto']) === 'https' ? 'https' : 'http';
  const expected = `${scheme}://${host}`;
  const fetchSite = one(headers['sec-fetch-site']) ?? 'same-origin';
  if (host === '' || !URL.canParse(expected) || fetchSite !== 'same-origin' || headers[APP_HEADER] === undefined) return null;
  const { origin, hostname } = new URL(expected);
  return headers.origin === origin ? { origin, hostname } : null;
}

/** Null when it is too long; then the rest is not read. */
async function readText(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parse(text: string): Body | null {
  try {
    const parsed: unknown = JSON.parse(text === '' ? '{}' : text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null;
  } catch {
    // Not JSON.
    return null;
  }
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
