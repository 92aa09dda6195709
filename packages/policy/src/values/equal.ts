import { CedarSet } from './cedar-set.ts';
import { Datetime } from './datetime.ts';
import { Decimal } from './decimal.ts';
import { Duration } from './duration.ts';
import { Entity, sameEntity } from './entity.ts';
import { IpAddress } from './ip-address.ts';
import { kindOf } from './value.ts';
import type { CedarRecord, Value } from './value.ts';

/** Equality of Cedar: never an error, values of different kinds are just different, sets ignore order and repetition. */
export function equal(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (left instanceof Entity) return right instanceof Entity && sameEntity(left, right);
  if (left instanceof CedarSet) return right instanceof CedarSet && left.hasAll(right) && right.hasAll(left);
  if (left instanceof Decimal) return right instanceof Decimal && left.scaled === right.scaled;
  if (left instanceof Datetime) return right instanceof Datetime && left.ms === right.ms;
  if (left instanceof Duration) return right instanceof Duration && left.ms === right.ms;
  if (left instanceof IpAddress)
    return right instanceof IpAddress && left.isV6 === right.isV6 && left.bits === right.bits && left.prefix === right.prefix;
  return kindOf(right) === 'record' && equalRecords(left, right as CedarRecord);
}

function equalRecords(left: CedarRecord, right: CedarRecord): boolean {
  let fields = 0;
  for (const field of Object.keys(left)) {
    const value = left[field];
    if (value === undefined) continue;
    fields += 1;
    const other = right[field];
    if (other === undefined || !equal(value, other)) return false;
  }
  return Object.keys(right).filter((field) => right[field] !== undefined).length === fields;
}
