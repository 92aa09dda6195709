import { CedarSet } from './cedar-set.ts';
import { Datetime } from './datetime.ts';
import { Decimal } from './decimal.ts';
import { Duration } from './duration.ts';
import { Entity } from './entity.ts';
import { IpAddress } from './ip-address.ts';
import type { Long } from './long.ts';

/** A value of Cedar as the compiled code holds it. Never changed once made. */
export type Value = boolean | Long | string | Entity | CedarSet | CedarRecord | Decimal | IpAddress | Datetime | Duration;

/** Fields by `fieldOf(name)`; an absent one may be there as undefined, so that all records of a schema type have one shape. */
export type CedarRecord = { readonly [field: string]: Value | undefined };

export type Kind = 'bool' | 'long' | 'string' | 'entity' | 'set' | 'record' | 'decimal' | 'ipaddr' | 'datetime' | 'duration';

export function kindOf(value: Value): Kind {
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'number' || typeof value === 'bigint') return 'long';
  if (value instanceof Entity) return 'entity';
  if (value instanceof CedarSet) return 'set';
  if (value instanceof Decimal) return 'decimal';
  if (value instanceof IpAddress) return 'ipaddr';
  if (value instanceof Datetime) return 'datetime';
  return value instanceof Duration ? 'duration' : 'record';
}

/**
 * The JavaScript property for an attribute. Names that every object inherits are set apart, so that no policy ever meets
 * `Object.prototype` ("constructor", "__proto__"); so is what begins with the mark itself, which keeps the mapping one to one.
 */
export function fieldOf(attribute: string): string {
  return attribute.startsWith('$') || attribute in Object.prototype ? `$${attribute}` : attribute;
}
