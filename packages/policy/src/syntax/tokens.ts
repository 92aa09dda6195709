import { PolicyFault, positionOf } from '../policy-fault.ts';

export type Token = {
  readonly kind: 'word' | 'number' | 'string' | 'slot' | 'sign' | 'end';
  /** A string's is the raw text between its quotes. */
  readonly text: string;
  readonly offset: number;
};

/** Whitespace is what Unicode calls so (Pattern of Rust's `\s`): JavaScript's `\s` has U+FEFF and lacks U+0085. */
const SPACE = /(?:[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|\/\/[^\n\r]*)+/y;
const TOKEN =
  /([A-Za-z_][A-Za-z0-9_]*)|([0-9]+)|"((?:\\.|[^"\\])*)"|(\?[A-Za-z_][A-Za-z0-9_]*)|(::|==|!=|<=|>=|\|\||&&|[@.,;:(){}[\]<>+\-*/%!=])/uy;
const KINDS = ['word', 'number', 'string', 'slot', 'sign'] as const;

/** Splits policy text. The last token is the end. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let offset = 0;
  for (;;) {
    SPACE.lastIndex = offset;
    if (SPACE.test(text)) offset = SPACE.lastIndex;
    if (offset >= text.length) break;
    TOKEN.lastIndex = offset;
    const match = TOKEN.exec(text);
    if (match === null) throw new PolicyFault(unreadable(text, offset), { at: positionOf(text, offset) });
    const index = match.slice(1).findIndex((group) => group !== undefined);
    tokens.push({ kind: KINDS[index] ?? 'sign', text: match[index + 1] ?? '', offset });
    offset = TOKEN.lastIndex;
  }
  tokens.push({ kind: 'end', text: '', offset });
  return tokens;
}

function unreadable(text: string, offset: number): string {
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  return character === '"' ? 'this string has no end' : `${JSON.stringify(character)} means nothing here`;
}
