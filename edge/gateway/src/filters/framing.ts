import type { RawHeaders } from '../exchange.ts';

/**
 * What is wrong with the framing of a request that Node's parser let through, or undefined. In doubt the connection is closed: two readers of one
 * ambiguous request can be made to disagree about where the next one begins (RFC 9112 section 11.2).
 */
export function framingFault(httpVersion: string, method: string, target: string, headers: RawHeaders): string | undefined {
  let hosts = 0;
  let lengths = 0;
  let codings = 0;
  for (let i = 0; i < headers.length; i += 2) {
    const value = headers[i + 1] ?? '';
    switch (headers[i]?.toLowerCase() ?? '') {
      case 'host':
        hosts += 1;
        break;
      case 'content-length':
        lengths += 1;
        if (!/^\d{1,16}$/.test(value)) return 'the content-length is not a number';
        break;
      case 'transfer-encoding':
        codings += 1;
        // "gzip, chunked" is legal and nobody's: what does not know it must not guess.
        if (value.toLowerCase() !== 'chunked') return 'the transfer-encoding is not "chunked"';
        break;
      default:
        break;
    }
  }
  if (hosts !== 1) return hosts === 0 ? 'there is no Host header' : 'there are several Host headers';
  if (lengths > 1) return 'there are several content-length headers';
  if (codings > 1) return 'there are several transfer-encoding headers';
  if (lengths > 0 && codings > 0) return 'content-length and transfer-encoding contradict each other';
  if (codings > 0 && httpVersion === '1.0') return 'HTTP/1.0 knows no transfer-encoding';
  if (httpVersion !== '1.1' && httpVersion !== '1.0') return `HTTP/${httpVersion} is not spoken here`;
  if (!target.startsWith('/') && !(target === '*' && method === 'OPTIONS')) return 'the target is not in origin form';
  return undefined;
}

/** Whether a body follows: a GET with one is legal but without meaning, and a proxy that drops it loses its place in the connection. */
export function announcesBody(headers: RawHeaders): boolean {
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i]?.toLowerCase();
    if (name === 'transfer-encoding') return true;
    if (name === 'content-length' && Number(headers[i + 1]) > 0) return true;
  }
  return false;
}
