import type { Pattern } from '../values/like.ts';
import type { Value } from '../values/value.ts';

export const VARIABLES = ['principal', 'action', 'resource', 'context'] as const;
export type Variable = (typeof VARIABLES)[number];

export const BINARY_OPERATORS = [
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  '+',
  '-',
  '*',
  'contains',
  'containsAll',
  'containsAny',
  'getTag',
  'hasTag',
] as const;
export type BinaryOperator = (typeof BINARY_OPERATORS)[number];

/** The language of conditions, with its sugar (`has a.b`, `is T in x`) resolved. */
export type Expression =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'variable'; readonly name: Variable }
  | { readonly kind: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'not' | 'negate' | 'isEmpty'; readonly of: Expression }
  | { readonly kind: 'if'; readonly test: Expression; readonly whenTrue: Expression; readonly otherwise: Expression }
  | { readonly kind: 'binary'; readonly operator: BinaryOperator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'attribute' | 'has'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'like'; readonly of: Expression; readonly pattern: Pattern }
  | { readonly kind: 'is'; readonly of: Expression; readonly type: string }
  | { readonly kind: 'set'; readonly items: readonly Expression[] }
  | { readonly kind: 'record'; readonly entries: readonly (readonly [name: string, value: Expression])[] }
  | { readonly kind: 'call'; readonly callee: string; readonly operands: readonly Expression[] };

/** `e has a.b.c` asks for each step only where the one before is there. */
export function hasPath(of: Expression, path: readonly string[]): Expression {
  const [first = '', ...rest] = path;
  let whole: Expression = { kind: 'has', of, name: first };
  let reached: Expression = { kind: 'attribute', of, name: first };
  for (const name of rest) {
    whole = { kind: 'and', left: whole, right: { kind: 'has', of: reached, name } };
    reached = { kind: 'attribute', of: reached, name };
  }
  return whole;
}
