import type { Pattern } from '../values/like.ts';

/** The text of a string literal; null when an escape in it is none of Cedar's. */
export function unescapeString(raw: string): string | null {
  const parts = unescape(raw, false);
  return parts === null ? null : parts.join('');
}

/** A pattern of `like`: a star matches anything, also one that is written `\x2a`; only `\*` is a star itself. */
export function unescapePattern(raw: string): Pattern | null {
  return unescape(raw, true);
}

const PIECE = /\\u\{([0-9a-fA-F][0-9a-fA-F_]*)\}|\\x([0-7][0-9a-fA-F])|\\(.)|([^\\])/gsu;
const SINGLE: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\', '0': '\0', "'": "'", '"': '"' };

function unescape(raw: string, isPattern: boolean): readonly string[] | null {
  const stretches: string[] = [];
  let current = '';
  for (const [, unicode, hex, single, plain] of raw.matchAll(PIECE)) {
    const character = plain === undefined ? escaped({ unicode, hex, single }, isPattern) : plain === '\r' ? null : plain;
    if (character === null) return null;
    if (isPattern && character === '*' && single !== '*') {
      stretches.push(current);
      current = '';
    } else current += character;
  }
  return [...stretches, current];
}

type Escape = { readonly unicode: string | undefined; readonly hex: string | undefined; readonly single: string | undefined };

function escaped({ unicode, hex, single }: Escape, isPattern: boolean): string | null {
  if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
  if (unicode === undefined) return single === '*' ? (isPattern ? '*' : null) : (SINGLE[single ?? ''] ?? null);
  const digits = unicode.replaceAll('_', '');
  const code = Number.parseInt(digits, 16);
  if (digits.length > 6 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return null;
  return String.fromCodePoint(code);
}
