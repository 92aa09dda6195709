import { isPageHost } from '../exchange.ts';
import type { Exchange } from '../exchange.ts';
import type { OutboundFilter } from './chain.ts';

export function outboundFilters(needs: { suffix: string; cdnOrigins: readonly string[] }): readonly OutboundFilter[] {
  return [
    { name: 'request id', run: (exchange, headers) => void headers.push('x-request-id', exchange.requestId) },
    { name: 'security', run: (exchange, headers) => secure(exchange, headers, needs) },
    { name: 'cors', run: shareWithPages },
  ];
}

/** https://owasp.org/www-project-secure-headers/ as far as it applies without TLS. */
function secure(exchange: Exchange, headers: string[], needs: { suffix: string; cdnOrigins: readonly string[] }): void {
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
function appPolicy(exchange: Exchange, { suffix, cdnOrigins }: { suffix: string; cdnOrigins: readonly string[] }): string {
  const cdn = cdnOrigins.join(' ');
  const api = `http://api.${suffix}${exchange.portSuffix}`;
  const play = `http://play.${suffix}${exchange.portSuffix}`;
  return pagePolicy([
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    `img-src 'self' data: blob: ${api} ${cdn}`,
    `media-src 'self' blob: ${cdn}`,
    `connect-src 'self' ${api} ${play} ${cdn}`,
  ]);
}

function consolePolicy(exchange: Exchange, { suffix }: { suffix: string }): string {
  const api = `http://api.${suffix}${exchange.portSuffix}`;
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
