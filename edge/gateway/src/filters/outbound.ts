import { isPageHost } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import type { OutboundFilter } from './chain.ts';

type Needs = {
  readonly suffix: string;
  readonly cdnOrigins: readonly string[];
  /** Certificates are such that every browser trusts them: pages may bind themselves to TLS. */
  readonly isPublicTls: boolean;
};

export function outboundFilters(needs: Needs): readonly OutboundFilter[] {
  return [
    { name: 'request id', run: (exchange, headers) => void headers.push('x-request-id', exchange.requestId) },
    { name: 'security', run: (exchange, headers) => secure(exchange, headers, needs) },
    { name: 'cors', run: shareWithPages },
  ];
}

/** Names that never leave a machine or a house (RFC 6761, RFC 6762): a browser that binds them to TLS would bind every other service there. */
const PRIVATE_NAMES = /(^|\.)(localhost|local|test|internal|home\.arpa|example|invalid)$|^[^.]+$|^[\d.]+$/;
const HSTS_SECONDS = 31_536_000;

/** https://owasp.org/www-project-secure-headers/ */
function secure(exchange: Exchange, headers: string[], needs: Needs): void {
  if (exchange.scheme === 'https' && needs.isPublicTls && !PRIVATE_NAMES.test(needs.suffix))
    headers.push('strict-transport-security', `max-age=${HSTS_SECONDS}; includeSubDomains`);
  headers.push('x-content-type-options', 'nosniff', 'referrer-policy', 'strict-origin-when-cross-origin');
  if (!isPageHost(exchange.hostClass)) {
    // Pictures and manifests are for the app on its own host name, which a browser takes for another site.
    headers.push('cross-origin-resource-policy', 'cross-origin', 'content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    return;
  }
  removeHeader(headers, 'content-security-policy');
  headers.push(
    'content-security-policy',
    exchange.hostClass === 'app' ? appPolicy(exchange, needs) : consolePolicy(exchange, needs),
    'cross-origin-opener-policy',
    'same-origin',
    'cross-origin-resource-policy',
    'same-origin',
    'permissions-policy',
    'camera=(), microphone=(), geolocation=(), payment=()',
  );
}

/** The app's own scripts and styles; data from the two other hosts; films and pictures from the delivery network; `blob:` is what MediaSource plays from. */
function appPolicy(exchange: Exchange, { suffix, cdnOrigins }: Needs): string {
  const cdn = cdnOrigins.join(' ');
  const api = `${exchange.scheme}://api.${suffix}${exchange.portSuffix}`;
  const play = `${exchange.scheme}://play.${suffix}${exchange.portSuffix}`;
  return pagePolicy([
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    `img-src 'self' data: blob: ${api} ${cdn}`,
    `media-src 'self' blob: ${cdn}`,
    `connect-src 'self' ${api} ${play} ${cdn}`,
  ]);
}

function consolePolicy(exchange: Exchange, { suffix }: Needs): string {
  const api = `${exchange.scheme}://api.${suffix}${exchange.portSuffix}`;
  return pagePolicy([`img-src 'self' data: blob: ${api}`, `connect-src 'self' ${api}`]);
}

function pagePolicy(own: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    // React sets style attributes; they cannot run anything.
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    ...own,
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function shareWithPages(exchange: Exchange, headers: string[]): void {
  if (isPageHost(exchange.hostClass) || exchange.hostClass === undefined) return;
  headers.push('vary', 'origin');
  if (exchange.origin === undefined) return;
  headers.push(
    'access-control-allow-origin',
    exchange.origin,
    'access-control-expose-headers',
    'x-request-id, content-range, etag, location, upload-offset, upload-length, tus-resumable, retry-after, www-authenticate',
  );
}

function removeHeader(headers: string[], name: string): void {
  for (let i = headers.length - 2; i >= 0; i -= 2) if (headers[i] === name) headers.splice(i, 2);
}
