import { Writer } from './code.ts';
import { compileBool } from './compile-expression.ts';
import type { Environment } from './environment.ts';
import { RUNTIME } from './runtime.ts';
import type { Runtime } from './runtime.ts';
import type { EntitySource } from '../entities/entity-store.ts';
import type { Expression } from '../syntax/expression.ts';
import type { EntityScope, Policy } from '../syntax/policy.ts';
import type { Entity } from '../values/entity.ts';
import type { CedarRecord } from '../values/value.ts';

/** Whether the request is allowed. Allocates nothing of its own. */
export type Decide = (principal: Entity, action: Entity, resource: Entity, context: CedarRecord, source: EntitySource) => boolean;

export type Explain = (
  principal: Entity,
  action: Entity,
  resource: Entity,
  context: CedarRecord,
  source: EntitySource,
  out: Findings,
) => void;

/** Takes what each policy came to, by its index. */
export type Findings = { satisfied(policy: number): void; error(policy: number, message: string): void };

/** Compiles the policies that may apply in one environment. Forbidding ones come first: one that holds settles it. */
export function compileDecide(policies: readonly Policy[], environment: Environment): Decide {
  const blocks = policies.map((policy, index) => ({ policy, index }));
  const forbids = blocks.filter(({ policy }) => policy.effect === 'forbid');
  const permits = blocks.filter(({ policy }) => policy.effect === 'permit');
  const [whole, ...rest] = inPieces([...forbids, ...permits], environment, false);
  if (whole === undefined) return () => false;
  if (rest.length === 0) return build(whole, 'p, a, r, c, s', 'return false;') as Decide;
  // Too much for one function: those of each effect run in turn, and each says whether the effect is there.
  const [forbidding, permitting] = [forbids, permits].map((each) =>
    inPieces(each, environment, false).map((piece) => build(piece, 'p, a, r, c, s', 'return undefined;') as Piecewise),
  );
  return (p, a, r, c, s) =>
    forbidding?.some((each) => each(p, a, r, c, s) !== undefined) !== true &&
    permitting?.some((each) => each(p, a, r, c, s) !== undefined) === true;
}

type Piecewise = (...operands: Parameters<Decide>) => boolean | undefined;

/** The same policies, all evaluated, each saying what it came to. */
export function compileExplain(policies: readonly Policy[], environment: Environment): Explain {
  const blocks = policies.map((policy, index) => ({ policy, index }));
  const functions = inPieces(blocks, environment, true).map((piece) => build(piece, 'p, a, r, c, s, out', '') as Explain);
  return (p, a, r, c, s, out) => {
    for (const each of functions) each(p, a, r, c, s, out);
  };
}

/** V8 does not optimise functions beyond 60 KB of byte code; a piece of text this long stays well below. */
const PIECE_CHARACTERS_MAX = 16_000;

type Piece = { readonly text: string; readonly used: ReadonlySet<string>; readonly constants: readonly unknown[] };

function inPieces(blocks: readonly Block[], environment: Environment, isExplaining: boolean): readonly Piece[] {
  const pieces: { text: string; used: Set<string>; constants: unknown[] }[] = [];
  for (const block of blocks) {
    let piece = pieces.at(-1);
    if (piece === undefined || piece.text.length > PIECE_CHARACTERS_MAX)
      pieces.push((piece = { text: '', used: new Set<string>(), constants: [] }));
    const writer = new Writer({ constants: piece.constants, isExplaining, policyIndex: block.index });
    if (!writePolicy(block, { writer, environment, isExplaining })) continue;
    for (const name of writer.used) piece.used.add(name);
    piece.text += `${writer.label}: {\n${writer.text}\n}\n`;
  }
  return pieces.filter((piece) => piece.text !== '');
}

type Block = { readonly policy: Policy; readonly index: number };
type Writing = { readonly writer: Writer; readonly environment: Environment; readonly isExplaining: boolean };

/** False when the policy can do nothing here: its scope or a condition is known not to hold before anything could fail. */
function writePolicy({ policy, index }: Block, { writer, environment, isExplaining }: Writing): boolean {
  for (const condition of conjunctsOf(policy)) {
    const code = compileBool(condition, { writer, environment });
    if (code.constant === true) continue;
    if (code.constant === false) {
      writer.line(`break ${writer.label};`);
      return isExplaining && writer.text.includes('out.error');
    }
    writer.leaveUnless(code.text);
    writer.learn(code.facts ?? []);
  }
  writer.line(isExplaining ? `out.satisfied(${index});` : `return ${policy.effect === 'permit'};`);
  return true;
}

/** Scope and conditions as one chain of `&&`, in the order in which Cedar evaluates them. */
export function conjunctsOf({ principal, action, resource, conditions }: Policy): readonly Expression[] {
  const actionVariable: Expression = { kind: 'variable', name: 'action' };
  const ofAction: Expression[] =
    action.kind === 'any'
      ? []
      : action.kind === 'is'
        ? [{ kind: 'binary', operator: '==', left: actionVariable, right: { kind: 'value', value: action.entity } }]
        : [{ kind: 'binary', operator: 'in', left: actionVariable, right: setOf(action.entities) }];
  return [
    ...scopeConjuncts('principal', principal),
    ...ofAction,
    ...scopeConjuncts('resource', resource),
    ...conditions.flatMap(flattened),
  ];
}

function setOf(entities: readonly Entity[]): Expression {
  return { kind: 'set', items: entities.map((value) => ({ kind: 'value', value })) };
}

function scopeConjuncts(name: 'principal' | 'resource', scope: EntityScope): readonly Expression[] {
  const variable: Expression = { kind: 'variable', name };
  const literal = (entity: Entity | string): Expression => {
    if (typeof entity === 'string') throw new Error(`${entity} has no value: a template cannot be evaluated`);
    return { kind: 'value', value: entity };
  };
  switch (scope.kind) {
    case 'any':
      return [];
    case 'is':
      return [{ kind: 'binary', operator: '==', left: variable, right: literal(scope.entity) }];
    case 'in':
      return [{ kind: 'binary', operator: 'in', left: variable, right: literal(scope.entity) }];
    case 'ofType':
    default: {
      const is: Expression = { kind: 'is', of: variable, type: scope.type };
      return scope.in === null ? [is] : [is, { kind: 'binary', operator: 'in', left: variable, right: literal(scope.in) }];
    }
  }
}

function flattened(expression: Expression): readonly Expression[] {
  return expression.kind === 'and' ? [...flattened(expression.left), ...flattened(expression.right)] : [expression];
}

/**
 * Turns text into a function. The text is wholly the compiler's: names that it made, JSON literals, references to the table of constants;
 * nothing of a policy gets in unescaped (the test plants attempts).
 */
function build({ text, used, constants }: Piece, parameters: string, ending: string): unknown {
  const attributes = [...used].map((name) => `const ${name}Attributes = R.attributesOf(${name}, s);\n`).join('');
  const source = `"use strict";\nreturn function policies(${parameters}) {\n${attributes}${text}${ending}\n};`;
  // oxlint-disable-next-line typescript/no-implied-eval -- the point of this file
  const make = new Function('R', 'K', source) as (runtime: Runtime, constants: readonly unknown[]) => unknown;
  return make(RUNTIME, constants);
}
