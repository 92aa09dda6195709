import { createHash, timingSafeEqual } from 'node:crypto';
import { ANONYMOUS } from '@bioscope/passport';
import type { Passport } from '@bioscope/passport';
import { HOST_CLASSES, headerOf, isPageHost } from '../exchange.ts';
import type { Exchange, HostClass } from '../exchange.ts';
import { emptyReply, faultReply, HANG_UP, pageReply } from '../reply.ts';
import type { RouteFinder } from '../routes/find-route.ts';
import type { InboundFilter } from './chain.ts';
import { identify, issuePassport } from './identify.ts';
import type { IdentifyNeeds } from './identify.ts';
import { announcesBody, framingFault } from './framing.ts';
import { insistOnTls } from './insist-on-tls.ts';
import { normaliseTarget } from './normalise-target.ts';
import { sayScope } from './say-scope.ts';

/** Everything a request must pass, in this order: what is cheap and protects the rest comes first. */
export function inboundFilters(
  needs: { suffix: string; operatorToken: string; finder: RouteFinder; mayHaveFaults: boolean } & IdentifyNeeds &
    Parameters<typeof issuePassport>[0] &
    Parameters<typeof insistOnTls>[0],
): readonly InboundFilter[] {
  return [
    { name: 'framing', run: checkFraming },
    { name: 'host', run: (exchange) => findHost(exchange, needs.suffix) },
    { name: 'target', run: readTarget },
    { name: 'tls', run: insistOnTls(needs) },
    { name: 'upgrade', run: refuseUpgrade },
    { name: 'origin', run: (exchange) => noteOrigin(exchange, needs.suffix) },
    { name: 'preflight', run: answerPreflight },
    { name: 'route', run: (exchange) => findRoute(exchange, needs.finder) },
    { name: 'identify', run: identify(needs) },
    { name: 'operator', run: operatorGuard(needs.operatorToken) },
    { name: 'body', run: checkBody },
    { name: 'passport', run: issuePassport(needs) },
    ...(needs.mayHaveFaults ? [{ name: 'scope', run: sayScope }] : []),
  ];
}

function checkFraming(exchange: Exchange): typeof HANG_UP | undefined {
  return framingFault(exchange.httpVersion, exchange.method, exchange.target, exchange.headers) === undefined ? undefined : HANG_UP;
}

function findHost(exchange: Exchange, suffix: string): ReturnType<InboundFilter['run']> {
  const [, name = '', port = ''] = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/.exec(headerOf(exchange.headers, 'host') ?? '') ?? [];
  const host = name.toLowerCase().replace(/\.$/, '');
  exchange.portSuffix = port;
  exchange.hostClass = HOST_CLASSES.find((candidate) => host === `${candidate}.${suffix}`);
  if (exchange.hostClass !== undefined) return undefined;
  const app = `${exchange.scheme}://app.${suffix}${port}/`;
  const isBare = host === suffix || host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host) || host === '[::1]';
  if (isBare && (exchange.method === 'GET' || exchange.method === 'HEAD'))
    return emptyReply(307, ['location', app, 'cache-control', 'no-store']);
  // RFC 9110 section 15.5.20: this server does not speak for that name.
  return pageReply(421, 'Nothing is served under this name', 'This is a Bioscope service. Its address is', app);
}

function readTarget(exchange: Exchange): ReturnType<InboundFilter['run']> {
  const target = exchange.target === '*' ? { path: '*', query: '' } : normaliseTarget(exchange.target);
  if (target === undefined) return faultReply(exchange, 400, 'the path has no single meaning', 'refused');
  exchange.path = target.path;
  exchange.query = target.query;
  return undefined;
}

/** An h2c upgrade may be ignored (RFC 9110 section 7.8); a WebSocket that is ignored would leave its client guessing. */
function refuseUpgrade(exchange: Exchange): ReturnType<InboundFilter['run']> {
  const upgrade = headerOf(exchange.headers, 'upgrade')?.toLowerCase();
  return upgrade?.includes('websocket') === true ? faultReply(exchange, 501, 'WebSockets are not served here', 'refused') : undefined;
}

/** Only our own pages call from a browser; pages of others get answers without CORS headers, which their browsers keep from them. */
function noteOrigin(exchange: Exchange, suffix: string): undefined {
  const origin = headerOf(exchange.headers, 'origin');
  if (origin === undefined || isPageHost(exchange.hostClass)) return undefined;
  const pages = (['app', 'console'] as const).map((page) => `${exchange.scheme}://${page}.${suffix}${exchange.portSuffix}`);
  if (pages.includes(origin)) exchange.origin = origin;
  return undefined;
}

/** Two hours are the most that Chromium keeps; Firefox keeps a day. */
const PREFLIGHT_SECONDS = 7_200;

function answerPreflight(exchange: Exchange): ReturnType<InboundFilter['run']> {
  if (exchange.method !== 'OPTIONS' || headerOf(exchange.headers, 'access-control-request-method') === undefined) return undefined;
  if (exchange.origin === undefined) return faultReply(exchange, 403, 'this origin may not call from a browser', 'refused');
  return emptyReply(204, [
    'access-control-allow-methods',
    'GET, HEAD, POST, PATCH, DELETE',
    'access-control-allow-headers',
    'authorization, content-type, connect-protocol-version, connect-timeout-ms, range, if-none-match, tus-resumable, upload-length, upload-offset, upload-metadata',
    'access-control-max-age',
    String(PREFLIGHT_SECONDS),
  ]);
}

function findRoute(exchange: Exchange, finder: RouteFinder): ReturnType<InboundFilter['run']> {
  // The host filter ended the chain for anything else.
  const host: HostClass = exchange.hostClass ?? 'app';
  const found = finder.explain({ host, method: exchange.method, path: exchange.path });
  if (found.kind === 'route') {
    exchange.route = found.route;
    return undefined;
  }
  if (found.kind === 'none') return faultReply(exchange, 404, `there is nothing here under ${exchange.path}`, 'refused');
  return faultReply(exchange, 405, `only ${found.route.methods.join(', ')} is answered here`, 'refused', [
    'allow',
    found.route.methods.join(', '),
  ]);
}

/** Who has the service's own token, as the command line does, asks as an operator without an account. */
const OPERATORS_TOKEN: Passport = { ...ANONYMOUS, accountId: 'operator-token', isOperator: true, assurance: 'credential' };

/**
 * The outer check of operators' routes: who could be no operator never reaches a unit. Whether an operator may do this is decided by access, which the unit asks
 * with the passport made here: for the token's owner too.
 */
function operatorGuard(operatorToken: string): InboundFilter['run'] {
  // Digests have one length, so that comparing them takes one time whatever was sent.
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const expected = digest(operatorToken);
  return (exchange) => {
    if (exchange.route?.guard !== 'operator' || exchange.asker?.isOperator === true) return undefined;
    const given = /^Bearer ([A-Za-z0-9\-._~+/]+=*)$/i.exec(headerOf(exchange.headers, 'authorization') ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) {
      exchange.asker = OPERATORS_TOKEN;
      return undefined;
    }
    return faultReply(exchange, 401, 'this needs an operator’s token (Authorization: Bearer …)', 'refused', ['www-authenticate', 'Bearer']);
  };
}

function checkBody(exchange: Exchange): ReturnType<InboundFilter['run']> {
  const body = exchange.route?.body ?? { kind: 'none' };
  const isRead = exchange.method === 'GET' || exchange.method === 'HEAD';
  if (body.kind === 'none' || isRead) {
    return announcesBody(exchange.headers) ? faultReply(exchange, 400, 'a body is not expected here', 'refused') : undefined;
  }
  const length = Number(headerOf(exchange.headers, 'content-length') ?? 0);
  return length > body.bytesMax ? tooLarge(exchange, body.bytesMax) : undefined;
}

export function tooLarge(exchange: Exchange, bytesMax: number): ReturnType<typeof faultReply> {
  return faultReply(exchange, 413, `the body is larger than ${bytesMax} bytes`, 'refused');
}
