import { RUNTIME } from '../compile/runtime.ts';
import type { EntitySource } from '../entities/entity-store.ts';
import type { BinaryOperator, Expression, Variable } from '../syntax/expression.ts';
import { CedarSet } from '../values/cedar-set.ts';
import { Entity } from '../values/entity.ts';
import { equal } from '../values/equal.ts';
import { extensionCall } from '../values/extension-call.ts';
import { isLike } from '../values/like.ts';
import { negate } from '../values/long.ts';
import { fieldOf } from '../values/value.ts';
import type { CedarRecord, Value } from '../values/value.ts';

/** What is known of a request before its resource is. */
export type Known = {
  readonly principal: Entity;
  readonly action: Entity;
  readonly context: CedarRecord;
  readonly resourceType: string;
  readonly entities: EntitySource;
};

/** An expression that has an error whatever the resource. */
export const FAILS: Expression = { kind: 'call', callee: '', operands: [] };

/** The expression with everything worked out that does not hang on the resource. It means the same, errors included. */
export function reduce(expression: Expression, known: Known): Expression {
  switch (expression.kind) {
    case 'value':
      return expression;
    case 'variable':
      return reduceVariable(expression.name, known);
    case 'and':
      return reduceChain('and', expression.left, expression.right, known);
    case 'or':
      return reduceChain('or', expression.left, expression.right, known);
    case 'if':
      return reduceIf(expression, known);
    case 'not':
    case 'negate':
    case 'isEmpty':
      return reduceUnary(expression.kind, reduce(expression.of, known));
    case 'binary':
      return reduceBinary(expression.operator, reduce(expression.left, known), reduce(expression.right, known), known);
    case 'attribute':
    case 'has':
      return reduceAccess(expression.kind, reduce(expression.of, known), expression.name, known);
    case 'like': {
      const of = reduce(expression.of, known);
      if (of.kind !== 'value') return of === FAILS ? FAILS : { ...expression, of };
      return typeof of.value === 'string' ? literal(isLike(of.value, expression.pattern)) : FAILS;
    }
    case 'is': {
      const of = reduce(expression.of, known);
      if (of.kind === 'variable') return literal(known.resourceType === expression.type);
      if (of.kind !== 'value') return of === FAILS ? FAILS : { ...expression, of };
      return of.value instanceof Entity ? literal(of.value.type === expression.type) : FAILS;
    }
    case 'set': {
      const items = expression.items.map((item) => reduce(item, known));
      const values = valuesOf(items);
      if (values !== null) return literal(new CedarSet(values));
      return items.includes(FAILS) ? FAILS : { kind: 'set', items };
    }
    case 'record':
      return reduceRecord(expression.entries, known);
    case 'call':
    default: {
      const operands = expression.operands.map((operand) => reduce(operand, known));
      const values = valuesOf(operands);
      if (values !== null) return orFails(extensionCall(expression.callee, values));
      return operands.includes(FAILS) ? FAILS : { ...expression, operands };
    }
  }
}

function literal(value: Value): Expression {
  return { kind: 'value', value };
}

function orFails(value: Value | undefined): Expression {
  return value === undefined ? FAILS : literal(value);
}

function valuesOf(expressions: readonly Expression[]): readonly Value[] | null {
  const values = expressions.flatMap((each) => (each.kind === 'value' ? [each.value] : []));
  return values.length === expressions.length ? values : null;
}

function reduceVariable(name: Variable, { principal, action, context }: Known): Expression {
  if (name === 'resource') return { kind: 'variable', name };
  return literal(name === 'principal' ? principal : name === 'action' ? action : context);
}

function reduceChain(kind: 'and' | 'or', leftExpression: Expression, rightExpression: Expression, known: Known): Expression {
  const left = reduce(leftExpression, known);
  if (left.kind !== 'value') return left === FAILS ? FAILS : { kind, left, right: reduce(rightExpression, known) };
  if (typeof left.value !== 'boolean') return FAILS;
  if (left.value === (kind === 'or')) return left;
  const right = reduce(rightExpression, known);
  if (right.kind !== 'value') return right === FAILS ? FAILS : { kind, left, right };
  return typeof right.value === 'boolean' ? right : FAILS;
}

function reduceIf({ test, whenTrue, otherwise }: Expression & { kind: 'if' }, known: Known): Expression {
  const tested = reduce(test, known);
  if (tested === FAILS) return FAILS;
  if (tested.kind !== 'value') return { kind: 'if', test: tested, whenTrue: reduce(whenTrue, known), otherwise: reduce(otherwise, known) };
  return typeof tested.value === 'boolean' ? reduce(tested.value ? whenTrue : otherwise, known) : FAILS;
}

function reduceUnary(kind: 'not' | 'negate' | 'isEmpty', of: Expression): Expression {
  if (of === FAILS) return FAILS;
  if (of.kind !== 'value') return { kind, of };
  const { value } = of;
  if (kind === 'not') return typeof value === 'boolean' ? literal(!value) : FAILS;
  if (kind === 'isEmpty') return value instanceof CedarSet ? literal(value.isEmpty) : FAILS;
  return typeof value === 'number' || typeof value === 'bigint' ? orFails(negate(value)) : FAILS;
}

function reduceBinary(operator: BinaryOperator, left: Expression, right: Expression, known: Known): Expression {
  if (left === FAILS || right === FAILS) return FAILS;
  if (left.kind !== 'value' || right.kind !== 'value') return { kind: 'binary', operator, left, right };
  return orFails(applied(operator, left.value, right.value, known.entities));
}

function applied(operator: BinaryOperator, left: Value, right: Value, entities: EntitySource): Value | undefined {
  switch (operator) {
    case '==':
      return equal(left, right);
    case '!=':
      return !equal(left, right);
    case '<':
      return RUNTIME.isLess(left, right, false);
    case '<=':
      return RUNTIME.isLess(left, right, true);
    case '>':
      return inverted(RUNTIME.isLess(left, right, true));
    case '>=':
      return inverted(RUNTIME.isLess(left, right, false));
    case '+':
      return RUNTIME.arithmetic('add', left, right);
    case '-':
      return RUNTIME.arithmetic('subtract', left, right);
    case '*':
      return RUNTIME.arithmetic('multiply', left, right);
    case 'in':
      return RUNTIME.isInAnything(left, right, entities);
    case 'contains':
      return left instanceof CedarSet ? left.has(right) : undefined;
    case 'containsAll':
      return left instanceof CedarSet && right instanceof CedarSet ? left.hasAll(right) : undefined;
    case 'containsAny':
      return left instanceof CedarSet && right instanceof CedarSet ? left.hasAny(right) : undefined;
    case 'getTag':
      return left instanceof Entity && typeof right === 'string' ? RUNTIME.tagOf(left, right, entities) : undefined;
    case 'hasTag':
    default:
      return left instanceof Entity && typeof right === 'string' ? RUNTIME.hasTag(left, right, entities) : undefined;
  }
}

function inverted(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function reduceAccess(kind: 'attribute' | 'has', of: Expression, name: string, { entities }: Known): Expression {
  if (of === FAILS) return FAILS;
  if (of.kind !== 'value') return { kind, of, name };
  return orFails(kind === 'has' ? RUNTIME.has(of.value, fieldOf(name), entities) : RUNTIME.attribute(of.value, fieldOf(name), entities));
}

function reduceRecord(entries: (Expression & { kind: 'record' })['entries'], known: Known): Expression {
  const reduced = entries.map(([name, value]): readonly [string, Expression] => [name, reduce(value, known)]);
  const expressions = reduced.map(([, value]) => value);
  const values = valuesOf(expressions);
  if (values === null) return expressions.includes(FAILS) ? FAILS : { kind: 'record', entries: reduced };
  return literal(Object.fromEntries(reduced.map(([name], index) => [fieldOf(name), values[index]])));
}
