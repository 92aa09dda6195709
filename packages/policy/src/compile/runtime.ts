import type { EntitySource } from '../entities/entity-store.ts';
import { CedarSet } from '../values/cedar-set.ts';
import { Datetime } from '../values/datetime.ts';
import { Duration } from '../values/duration.ts';
import { Entity, entityKey, sameEntity } from '../values/entity.ts';
import { equal } from '../values/equal.ts';
import { extensionCall } from '../values/extension-call.ts';
import { isLike } from '../values/like.ts';
import { add, multiply, negate, subtract } from '../values/long.ts';
import { kindOf } from '../values/value.ts';
import type { CedarRecord, Value } from '../values/value.ts';

/** What generated code calls. Undefined means that Cedar has an error there; the generated code leaves the policy. */
export const RUNTIME = {
  Entity,
  CedarSet,
  add,
  subtract,
  multiply,
  negate,
  equal,
  sameEntity,
  isLike,
  kindOf,
  entityKey,
  extensionCall,
  attributesOf,
  attribute,
  has,
  tagOf,
  hasTag,
  isIn,
  isInAny,
  isInAnything,
  isLess,
  arithmetic,
} as const;

export type Runtime = typeof RUNTIME;

function resolved(entity: Entity, source: EntitySource): Entity | undefined {
  return entity.attributes === null ? source.find(entity.type, entity.id) : entity;
}

/** Null when there is no such entity. */
function attributesOf(entity: Entity, source: EntitySource): CedarRecord | null {
  return entity.attributes ?? source.find(entity.type, entity.id)?.attributes ?? null;
}

/** Of a value whose type is not known before. */
function attribute(value: Value, field: string, source: EntitySource): Value | undefined {
  if (value instanceof Entity) return attributesOf(value, source)?.[field];
  return kindOf(value) === 'record' ? (value as CedarRecord)[field] : undefined;
}

function has(value: Value, field: string, source: EntitySource): boolean | undefined {
  if (value instanceof Entity) return attributesOf(value, source)?.[field] !== undefined;
  return kindOf(value) === 'record' ? (value as CedarRecord)[field] !== undefined : undefined;
}

function tagOf(entity: Entity, tag: string, source: EntitySource): Value | undefined {
  return resolved(entity, source)?.tags?.get(tag);
}

function hasTag(entity: Entity, tag: string, source: EntitySource): boolean {
  return resolved(entity, source)?.tags?.has(tag) ?? false;
}

function isIn(entity: Entity, group: Entity, source: EntitySource): boolean {
  return sameEntity(entity, group) || (resolved(entity, source)?.hasAncestor(group.type, group.id) ?? false);
}

/** Every member of the set is looked at before any is compared: one that is no entity is an error wherever it stands. */
function isInAny(entity: Entity, groups: CedarSet, source: EntitySource): boolean | undefined {
  const { items } = groups;
  for (const item of items) if (!(item instanceof Entity)) return undefined;
  for (const item of items) if (isIn(entity, item as Entity, source)) return true;
  return false;
}

function isInAnything(entity: Value, group: Value, source: EntitySource): boolean | undefined {
  if (!(entity instanceof Entity)) return undefined;
  if (group instanceof Entity) return isIn(entity, group, source);
  return group instanceof CedarSet ? isInAny(entity, group, source) : undefined;
}

function isLess(left: Value, right: Value, orEqual: boolean): boolean | undefined {
  if (isLong(left) && isLong(right)) return left < right || (orEqual && left === right);
  const isOrdered = (left instanceof Datetime && right instanceof Datetime) || (left instanceof Duration && right instanceof Duration);
  if (!isOrdered) return undefined;
  return left.ms < right.ms || (orEqual && left.ms === right.ms);
}

function arithmetic(operation: 'add' | 'subtract' | 'multiply', left: Value, right: Value): Value | undefined {
  return isLong(left) && isLong(right) ? RUNTIME[operation](left, right) : undefined;
}

function isLong(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
