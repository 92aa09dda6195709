import { PASSPORT_HEADER, SCOPE_HEADER } from '@bioscope/rpc';
import { HANDOVER_HEADER, writeHandover } from '../bridge/handover.ts';
import type { Handover } from '../bridge/handover.ts';
import type { Exchange, RawHeaders } from '../exchange.ts';

/** Meant for the next hop only (RFC 9110 section 7.6.1), or taken care of by the gateway itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
]);
/** What only a gateway may say. From outside it is a lie or a mistake. */
const OURS_IN = new Set([
  'host',
  'forwarded',
  'via',
  'x-real-ip',
  'true-client-ip',
  'cf-connecting-ip',
  'x-request-id',
  'traceparent',
  'tracestate',
  'baggage',
  // Credentials from outside end here; what a unit needs to know of them it is told in headers of ours.
  'authorization',
  'cookie',
  'http2-settings',
]);
/** CORS, security and identity of the answer are the gateway's to state. */
const OURS_OUT = new Set(['server', 'x-powered-by', 'x-request-id', 'strict-transport-security', 'date']);

/** The headers for the unit: the client's without what is not theirs to say, and ours. The framing is rebuilt from what was parsed, never copied. */
export function headersForUnit(exchange: Exchange, credential: readonly [string, string]): string[] {
  const named = namedByConnection(exchange.headers);
  const kept: string[] = [];
  for (let i = 0; i < exchange.headers.length; i += 2) {
    const name = exchange.headers[i]?.toLowerCase() ?? '';
    if (HOP_BY_HOP.has(name) || OURS_IN.has(name) || named.has(name) || isReserved(name) || name === 'content-length') continue;
    kept.push(name, exchange.headers[i + 1] ?? '');
  }
  kept.push(
    credential[0],
    credential[1],
    'x-request-id',
    exchange.requestId,
    'traceparent',
    exchange.traceparent,
    'x-forwarded-for',
    exchange.clientAddress,
    'x-forwarded-proto',
    exchange.scheme,
  );
  if (exchange.passport !== '') kept.push(PASSPORT_HEADER, exchange.passport);
  if (exchange.scope !== '') kept.push(SCOPE_HEADER, exchange.scope);
  if (exchange.route?.cookies === true) keepCookies(exchange.headers, kept);
  const host = hostOf(exchange.headers);
  if (host !== undefined) kept.push('x-forwarded-host', host);
  return kept;
}

/** The headers for another region's gateway: all that the client sent, credentials too, for it to judge as if the client had come there. */
export function headersForGateway(exchange: Exchange, credential: readonly [string, string], handover: Handover): string[] {
  const named = namedByConnection(exchange.headers);
  const kept: string[] = [];
  for (let i = 0; i < exchange.headers.length; i += 2) {
    const name = exchange.headers[i]?.toLowerCase() ?? '';
    if (HOP_BY_HOP.has(name) || named.has(name) || isReserved(name) || name === 'content-length') continue;
    kept.push(name, exchange.headers[i + 1] ?? '');
  }
  kept.push(credential[0], credential[1], HANDOVER_HEADER, writeHandover(handover));
  return kept;
}

/** The headers of an answer that another region's gateway has completed already. */
export function headersFromGateway(headers: RawHeaders): string[] {
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]?.toLowerCase() ?? '';
    if (!HOP_BY_HOP.has(name) && name !== 'date' && !name.startsWith('bioscope-')) kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
}

/** Each as it came: joining them is the reader's (RFC 6265 section 5.4 allows one only, HTTP/2 splits them). */
function keepCookies(headers: RawHeaders, kept: string[]): void {
  for (let i = 0; i < headers.length; i += 2) if (headers[i]?.toLowerCase() === 'cookie') kept.push('cookie', headers[i + 1] ?? '');
}

/** The headers for the client, as far as they are the unit's to state. */
export function headersForClient(headers: RawHeaders): string[] {
  const named = namedByConnection(headers);
  const kept: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]?.toLowerCase() ?? '';
    if (HOP_BY_HOP.has(name) || OURS_OUT.has(name) || named.has(name) || isReserved(name) || name.startsWith('access-control-')) continue;
    kept.push(name, headers[i + 1] ?? '');
  }
  return kept;
}

/** `bioscope-…` is how units speak among themselves. A name with an underscore is another header's look-alike to some readers (CGI, nginx). */
function isReserved(name: string): boolean {
  return name.startsWith('bioscope-') || name.startsWith('x-forwarded-') || name.includes('_');
}

const NONE: ReadonlySet<string> = new Set();

function namedByConnection(headers: RawHeaders): ReadonlySet<string> {
  let named: Set<string> | undefined;
  for (let i = 0; i < headers.length; i += 2) {
    if (headers[i]?.toLowerCase() !== 'connection') continue;
    for (const token of (headers[i + 1] ?? '').split(',')) (named ??= new Set()).add(token.trim().toLowerCase());
  }
  return named ?? NONE;
}

function hostOf(headers: RawHeaders): string | undefined {
  for (let i = 0; i < headers.length; i += 2) if (headers[i]?.toLowerCase() === 'host') return headers[i + 1];
  return undefined;
}
