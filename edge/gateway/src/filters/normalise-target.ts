/** What may stand in a target: visible ASCII, without the fragment mark and the backslash. */
const PRINTABLE = /^[!"$-[\]-~]+$/;
const UNRESERVED = /[A-Za-z0-9\-._~]/;

export type Target = { readonly path: string; readonly query: string };

/**
 * The path as it is routed and as it is sent: the same string for both, so that no two readers can disagree (RFC 3986 section 6.2.2). Encoded
 * unreserved characters are decoded, dot segments resolved. Undefined for what has no single meaning: encoded slashes, backslashes, control
 * characters, broken escapes, dots that climb out.
 */
export function normaliseTarget(target: string): Target | undefined {
  const mark = target.indexOf('?');
  const rawPath = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? '' : target.slice(mark);
  if (!rawPath.startsWith('/') || !PRINTABLE.test(target)) return undefined;
  const decoded = decodeUnreserved(rawPath);
  if (decoded === undefined) return undefined;
  const path = decoded.includes('/.') ? withoutDots(decoded) : decoded;
  return path === undefined ? undefined : { path, query };
}

function decodeUnreserved(path: string): string | undefined {
  if (!path.includes('%')) return path;
  let sound = true;
  const decoded = path.replaceAll(/%(.{0,2})/g, (escape, digits: string) => {
    const value = /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
    // %2F and %5C would be a slash to one reader and a letter to another; control characters have no business in a path.
    if (value < 0x20 || value === 0x2f || value === 0x5c || value === 0x7f) sound = false;
    const character = String.fromCharCode(Math.max(value, 0));
    return UNRESERVED.test(character) ? character : escape.toUpperCase();
  });
  return sound ? decoded : undefined;
}

/** RFC 3986 section 5.2.4, except that climbing above the root is refused instead of ignored: no honest client does it. */
function withoutDots(path: string): string | undefined {
  const kept: string[] = [];
  const segments = path.slice(1).split('/');
  for (const [index, segment] of segments.entries()) {
    const isLast = index === segments.length - 1;
    if (segment === '..') {
      if (kept.length === 0) return undefined;
      kept.pop();
    } else if (segment !== '.') {
      kept.push(segment);
      continue;
    }
    if (isLast) kept.push('');
  }
  return `/${kept.join('/')}`;
}
