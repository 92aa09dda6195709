import { RUNTIME } from '../compile/runtime.ts';
import type { EntitySource } from '../entities/entity-store.ts';
import { Entity } from '../values/entity.ts';
import { equal } from '../values/equal.ts';
import type { Pattern } from '../values/like.ts';
import { CedarSet } from '../values/cedar-set.ts';
import { fieldOf, kindOf } from '../values/value.ts';
import type { CedarRecord, Value } from '../values/value.ts';

/**
 * A condition on resources in terms that a catalogue can index. `path` leads from the resource through its attributes; the empty path is the
 * resource itself. A leaf is false where its path leads nowhere; no predicate has an error.
 */
export type Predicate =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | { readonly kind: 'and' | 'or'; readonly of: readonly Predicate[] }
  | { readonly kind: 'not'; readonly of: Leaf }
  | Leaf;

export type Leaf =
  | { readonly kind: 'has'; readonly path: Path }
  | { readonly kind: 'equals'; readonly path: Path; readonly value: Value }
  | { readonly kind: 'oneOf'; readonly path: Path; readonly values: readonly Value[] }
  | { readonly kind: 'less' | 'atMost' | 'more' | 'atLeast'; readonly path: Path; readonly value: Value }
  | { readonly kind: 'contains'; readonly path: Path; readonly value: Value }
  | { readonly kind: 'containsAll' | 'containsAny'; readonly path: Path; readonly values: readonly Value[] }
  | { readonly kind: 'like'; readonly path: Path; readonly pattern: Pattern }
  | { readonly kind: 'in'; readonly path: Path; readonly group: Entity };

export type Path = readonly string[];

export const ALL: Predicate = { kind: 'all' };
export const NONE: Predicate = { kind: 'none' };

/** What a predicate means, for whoever has the resources at hand; and the measure for whoever turns it into a query. */
export function matchesPredicate(predicate: Predicate, resource: Entity, entities: EntitySource): boolean {
  switch (predicate.kind) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'and':
      return predicate.of.every((each) => matchesPredicate(each, resource, entities));
    case 'or':
      return predicate.of.some((each) => matchesPredicate(each, resource, entities));
    case 'not':
      return !matchesPredicate(predicate.of, resource, entities);
    case 'has':
    case 'equals':
    case 'oneOf':
    case 'less':
    case 'atMost':
    case 'more':
    case 'atLeast':
    case 'contains':
    case 'containsAll':
    case 'containsAny':
    case 'like':
    case 'in':
    default: {
      const value = valueAt(resource, predicate.path, entities);
      return value !== undefined && matchesLeaf(predicate, value, entities);
    }
  }
}

function matchesLeaf(leaf: Leaf, value: Value, entities: EntitySource): boolean {
  switch (leaf.kind) {
    case 'has':
      return true;
    case 'equals':
      return equal(value, leaf.value);
    case 'oneOf':
      return leaf.values.some((each) => equal(value, each));
    case 'less':
      return RUNTIME.isLess(value, leaf.value, false) === true;
    case 'atMost':
      return RUNTIME.isLess(value, leaf.value, true) === true;
    case 'more':
      return RUNTIME.isLess(leaf.value, value, false) === true;
    case 'atLeast':
      return RUNTIME.isLess(leaf.value, value, true) === true;
    case 'contains':
      return value instanceof CedarSet && value.has(leaf.value);
    case 'containsAll':
      return value instanceof CedarSet && leaf.values.every((each) => value.has(each));
    case 'containsAny':
      return value instanceof CedarSet && leaf.values.some((each) => value.has(each));
    case 'like':
      return typeof value === 'string' && RUNTIME.isLike(value, leaf.pattern);
    case 'in':
    default:
      return value instanceof Entity && RUNTIME.isIn(value, leaf.group, entities);
  }
}

function valueAt(resource: Entity, path: Path, entities: EntitySource): Value | undefined {
  let value: Value | undefined = resource;
  for (const name of path) {
    if (value === undefined) return undefined;
    const record: CedarRecord | null =
      value instanceof Entity ? RUNTIME.attributesOf(value, entities) : kindOf(value) === 'record' ? (value as CedarRecord) : null;
    value = record?.[fieldOf(name)];
  }
  return value;
}

export function every(predicates: readonly Predicate[]): Predicate {
  return joined('and', NONE, ALL, predicates);
}

export function anyOf(predicates: readonly Predicate[]): Predicate {
  return joined('or', ALL, NONE, predicates);
}

function joined(kind: 'and' | 'or', absorbing: Predicate, neutral: Predicate, predicates: readonly Predicate[]): Predicate {
  const flat = predicates.flatMap((each) => (each.kind === kind ? each.of : [each]));
  if (flat.some((each) => each.kind === absorbing.kind)) return absorbing;
  const open = flat.filter((each) => each.kind !== neutral.kind);
  const [only = neutral, ...others] = open;
  return others.length === 0 ? only : { kind, of: open };
}
