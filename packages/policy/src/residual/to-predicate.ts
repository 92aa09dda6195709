import { ALL, anyOf, every, NONE } from './predicate.ts';
import type { Leaf, Path, Predicate } from './predicate.ts';
import { FAILS } from './reduce.ts';
import type { Schema } from '../schema/schema.ts';
import type { Type } from '../schema/type.ts';
import type { BinaryOperator, Expression } from '../syntax/expression.ts';
import { CedarSet } from '../values/cedar-set.ts';
import { Entity } from '../values/entity.ts';
import { kindOf } from '../values/value.ts';
import type { Value } from '../values/value.ts';

/** When an expression is true and when it is false; for a resource that fits neither it has an error. `isExact` false: the predicates let too much pass. */
export type Outcome = { readonly whenTrue: Predicate; readonly whenFalse: Predicate; readonly isExact: boolean };

export type Reading = { readonly schema: Schema; readonly resourceType: string };

/** Splits a reduced condition into predicates. Terms that no catalogue could index let everything pass. */
export function outcomeOf(expression: Expression, reading: Reading): Outcome {
  if (expression === FAILS) return { whenTrue: NONE, whenFalse: NONE, isExact: true };
  switch (expression.kind) {
    case 'value':
      return { whenTrue: expression.value === true ? ALL : NONE, whenFalse: expression.value === false ? ALL : NONE, isExact: true };
    case 'not': {
      const { whenTrue, whenFalse, isExact } = outcomeOf(expression.of, reading);
      return { whenTrue: whenFalse, whenFalse: whenTrue, isExact };
    }
    case 'and':
      return conjunction(outcomeOf(expression.left, reading), outcomeOf(expression.right, reading));
    case 'or': {
      const [left, right] = [outcomeOf(expression.left, reading), outcomeOf(expression.right, reading)];
      return flipped(conjunction(flipped(left), flipped(right)));
    }
    case 'if': {
      const test = outcomeOf(expression.test, reading);
      const [yes, no] = [outcomeOf(expression.whenTrue, reading), outcomeOf(expression.otherwise, reading)];
      return {
        whenTrue: anyOf([every([test.whenTrue, yes.whenTrue]), every([test.whenFalse, no.whenTrue])]),
        whenFalse: anyOf([every([test.whenTrue, yes.whenFalse]), every([test.whenFalse, no.whenFalse])]),
        isExact: test.isExact && yes.isExact && no.isExact,
      };
    }
    case 'binary':
      return binaryOutcome(expression.operator, expression.left, expression.right, reading);
    case 'has':
      return hasOutcome(expression.of, expression.name, reading);
    case 'attribute': {
      const place = placeOf(expression, reading);
      return place?.type.kind === 'bool'
        ? {
            whenTrue: { kind: 'equals', path: place.path, value: true },
            whenFalse: { kind: 'equals', path: place.path, value: false },
            isExact: true,
          }
        : UNKNOWN;
    }
    case 'like': {
      const place = placeOf(expression.of, reading);
      return place?.type.kind === 'string' ? leafOutcome({ kind: 'like', path: place.path, pattern: expression.pattern }, place) : UNKNOWN;
    }
    case 'variable':
    case 'negate':
    case 'isEmpty':
    case 'is':
    case 'set':
    case 'record':
    case 'call':
    default:
      return UNKNOWN;
  }
}

const UNKNOWN: Outcome = { whenTrue: ALL, whenFalse: ALL, isExact: false };

/** `a && b` looks at b only where a is true; where a has an error, so has the whole. */
function conjunction(left: Outcome, right: Outcome): Outcome {
  return {
    whenTrue: every([left.whenTrue, right.whenTrue]),
    whenFalse: anyOf([left.whenFalse, every([left.whenTrue, right.whenFalse])]),
    isExact: left.isExact && right.isExact,
  };
}

function flipped({ whenTrue, whenFalse, isExact }: Outcome): Outcome {
  return { whenTrue: whenFalse, whenFalse: whenTrue, isExact };
}

type Place = { readonly path: Path; readonly type: Type; readonly isCertain: boolean };

/** Where an expression points, seen from the resource; null when it is no plain path. */
function placeOf(expression: Expression, { schema, resourceType }: Reading): Place | null {
  if (expression.kind === 'variable') return { path: [], type: { kind: 'entity', name: resourceType }, isCertain: true };
  if (expression.kind !== 'attribute') return null;
  const of = placeOf(expression.of, { schema, resourceType });
  if (of === null) return null;
  const attributes =
    of.type.kind === 'record'
      ? of.type.attributes
      : of.type.kind === 'entity'
        ? schema.entityTypes.get(of.type.name ?? '')?.attributes.attributes
        : undefined;
  const attribute = attributes?.get(expression.name);
  if (attribute === undefined) return null;
  // The resource is there, for it is asked about; what it refers to may not be.
  const isCertain = of.isCertain && attribute.isRequired && (of.type.kind === 'record' || of.path.length === 0);
  return { path: [...of.path, expression.name], type: attribute.type, isCertain };
}

/** Of a leaf that is true or false wherever its path leads somewhere. */
function leafOutcome(leaf: Leaf, { path, isCertain }: Place): Outcome {
  const isThere: Predicate = isCertain ? ALL : { kind: 'has', path };
  return { whenTrue: leaf, whenFalse: every([isThere, { kind: 'not', of: leaf }]), isExact: true };
}

function hasOutcome(of: Expression, name: string, reading: Reading): Outcome {
  const place = placeOf(of, reading);
  if (place === null || (place.type.kind !== 'entity' && place.type.kind !== 'record')) return UNKNOWN;
  const leaf: Leaf = { kind: 'has', path: [...place.path, name] };
  // Of an entity that is missing "has" is false; an attribute on the way that is missing is an error.
  return leafOutcome(leaf, place);
}

function binaryOutcome(operator: BinaryOperator, left: Expression, right: Expression, reading: Reading): Outcome {
  if (operator === '!=') return flipped(binaryOutcome('==', left, right, reading));
  if (left.kind === 'value') {
    const place = placeOf(right, reading);
    return place === null ? UNKNOWN : valueFirst(operator, left.value, place);
  }
  const place = placeOf(left, reading);
  return place === null || right.kind !== 'value' ? UNKNOWN : placeFirst(operator, place, right.value);
}

const ORDER = { '<': ['less', 'atLeast'], '<=': ['atMost', 'more'], '>': ['more', 'atMost'], '>=': ['atLeast', 'less'] } as const;
const MIRRORED = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' } as const;

function placeFirst(operator: BinaryOperator, place: Place, value: Value): Outcome {
  const { path, type } = place;
  switch (operator) {
    case '==':
      return leafOutcome({ kind: 'equals', path, value }, place);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      if (kindOf(value) !== type.kind || !ORDERED.has(type.kind)) return UNKNOWN;
      const [whenTrue, whenFalse] = ORDER[operator];
      return { whenTrue: { kind: whenTrue, path, value }, whenFalse: { kind: whenFalse, path, value }, isExact: true };
    }
    case 'in':
      return type.kind === 'entity' ? inOutcome(place, value) : UNKNOWN;
    case 'contains':
      return type.kind === 'set' ? leafOutcome({ kind: 'contains', path, value }, place) : UNKNOWN;
    case 'containsAll':
    case 'containsAny':
      return type.kind === 'set' && value instanceof CedarSet ? leafOutcome({ kind: operator, path, values: value.items }, place) : UNKNOWN;
    case '!=':
    case '+':
    case '-':
    case '*':
    case 'getTag':
    case 'hasTag':
    default:
      return UNKNOWN;
  }
}

const ORDERED: ReadonlySet<string> = new Set(['long', 'datetime', 'duration']);

function inOutcome(place: Place, value: Value): Outcome {
  if (value instanceof Entity) return leafOutcome({ kind: 'in', path: place.path, group: value }, place);
  if (!(value instanceof CedarSet)) return UNKNOWN;
  const groups = value.items.flatMap((item) => (item instanceof Entity ? [item] : []));
  if (groups.length < value.items.length) return UNKNOWN;
  const outcomes = groups.map((group) => leafOutcome({ kind: 'in', path: place.path, group }, place));
  const isThere: Predicate = place.isCertain ? ALL : { kind: 'has', path: place.path };
  return {
    whenTrue: anyOf(outcomes.map((each) => each.whenTrue)),
    whenFalse: every([isThere, ...outcomes.map((each) => each.whenFalse)]),
    isExact: true,
  };
}

function valueFirst(operator: BinaryOperator, value: Value, place: Place): Outcome {
  const { path } = place;
  if (operator === '==') return placeFirst('==', place, value);
  if (operator === '<' || operator === '<=' || operator === '>' || operator === '>=') return placeFirst(MIRRORED[operator], place, value);
  if (operator === 'contains' && value instanceof CedarSet) return leafOutcome({ kind: 'oneOf', path, values: value.items }, place);
  return UNKNOWN;
}
