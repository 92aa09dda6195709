import { readEntityName } from './entity-name.ts';
import { extensionCall } from '../values/extension-call.ts';
import { asArray, asText, described, isObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { PolicyFault } from '../policy-fault.ts';
import type { RecordType, Type } from '../schema/type.ts';
import { typeText } from '../schema/type.ts';
import { CedarSet } from '../values/cedar-set.ts';
import { Entity } from '../values/entity.ts';
import { toLong } from '../values/long.ts';
import { fieldOf, kindOf } from '../values/value.ts';
import type { CedarRecord, Value } from '../values/value.ts';

export type ReadOptions = {
  /** References to one entity share one object where the reader knows one. */
  readonly entity: (type: string, id: string) => Entity;
  /** False: primitive values may be of another type than the schema says (what Cedar allows when a request is not validated). */
  readonly strict: boolean;
};

/**
 * A value from Cedar's JSON. With a type of the schema, entity references and extension values may be written without their
 * `__entity` and `__extn`. Throws `PolicyFault` when the value is none, or not of the type.
 */
export function readValue(json: Json | undefined, type: Type, where: string, options: ReadOptions): Value {
  switch (type.kind) {
    case 'entity':
      return readReference(json, type, where, options);
    case 'set':
      return new CedarSet(asArray(json, where).map((item, index) => readValue(item, type.of, `${where}[${index}]`, options)));
    case 'record':
      if (isObject(json)) return readRecord(json, type, where, options);
      throw mismatch(json, type, where);
    case 'decimal':
    case 'ipaddr':
    case 'datetime':
    case 'duration':
      return readExtension(json, type.kind, where);
    case 'bool':
    case 'long':
    case 'string': {
      const value = readUntyped(json, where, options);
      if (options.strict && kindOf(value) !== type.kind) throw mismatch(json, type, where);
      return value;
    }
    case 'any':
    default:
      return readUntyped(json, where, options);
  }
}

export function readRecord(json: JsonObject, type: RecordType, where: string, options: ReadOptions): CedarRecord {
  for (const name of Object.keys(json)) {
    if (!type.attributes.has(name) && !type.isOpen) throw new PolicyFault(`${where}.${name}: the schema knows no such attribute`);
  }
  const record: Record<string, Value | undefined> = {};
  for (const [name, attribute] of type.attributes) {
    const given = Object.hasOwn(json, name) ? json[name] : undefined;
    if (given === undefined && attribute.isRequired) throw new PolicyFault(`${where}.${name} is missing, though the schema requires it`);
    record[fieldOf(name)] = given === undefined ? undefined : readValue(given, attribute.type, `${where}.${name}`, options);
  }
  if (type.isOpen)
    for (const [name, value] of Object.entries(json)) record[fieldOf(name)] ??= readUntyped(value, `${where}.${name}`, options);
  return record;
}

function readReference(json: Json | undefined, type: Type & { kind: 'entity' }, where: string, options: ReadOptions): Entity {
  const name = readEntityName(json, where);
  if (type.name !== null && type.name !== name.type)
    throw new PolicyFault(`${where}: an entity of type ${type.name} is wanted, not ${name.type}`);
  return options.entity(name.type, name.id);
}

const CONSTRUCTORS = { decimal: 'decimal', ipaddr: 'ip', datetime: 'datetime', duration: 'duration' } as const;

function readExtension(json: Json | undefined, kind: keyof typeof CONSTRUCTORS, where: string): Value {
  const value = isObject(json)
    ? readCall(isObject(json['__extn']) ? json['__extn'] : json, where)
    : applied(CONSTRUCTORS[kind], [asText(json, where)], where);
  if (kindOf(value) !== kind) throw mismatch(json, { kind }, where);
  return value;
}

function readCall(json: JsonObject, where: string): Value {
  const operands = json['args'] === undefined ? [json['arg'] ?? null] : asArray(json['args'], `${where}.args`);
  const read = operands.map((operand) =>
    isObject(operand) && isObject(operand['__extn']) ? readCall(operand['__extn'], where) : asText(operand, where),
  );
  return applied(asText(json['fn'], `${where}.fn`), read, where);
}

function applied(callee: string, operands: readonly Value[], where: string): Value {
  const value = extensionCall(callee, operands);
  if (value === undefined)
    throw new PolicyFault(`${where}: ${callee}(${operands.map((each) => JSON.stringify(each)).join(', ')}) has no value`);
  return value;
}

function readUntyped(json: Json | undefined, where: string, options: ReadOptions): Value {
  if (typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number' || typeof json === 'bigint') {
    const long = typeof json === 'number' && !Number.isSafeInteger(json) ? undefined : toLong(BigInt(json));
    if (long === undefined) throw new PolicyFault(`${where}: ${json} is no whole number of 64 bits`);
    return long;
  }
  if (Array.isArray(json)) return new CedarSet(json.map((item, index) => readUntyped(item as Json, `${where}[${index}]`, options)));
  if (isObject(json)) return readUntypedObject(json, where, options);
  throw new PolicyFault(`${where}: ${described(json)} is no value of Cedar`);
}

function readUntypedObject(json: JsonObject, where: string, options: ReadOptions): Value {
  if (Object.hasOwn(json, '__expr')) throw new PolicyFault(`${where}: "__expr" is no longer part of Cedar`);
  if (isObject(json['__entity'])) {
    const { type, id } = readEntityName(json, where);
    return options.entity(type, id);
  }
  if (isObject(json['__extn'])) return readCall(json['__extn'], where);
  return Object.fromEntries(Object.entries(json).map(([name, value]) => [fieldOf(name), readUntyped(value, `${where}.${name}`, options)]));
}

function mismatch(json: Json | undefined, type: Type, where: string): PolicyFault {
  return new PolicyFault(`${where}: ${typeText(type)} is wanted, not ${described(json)}`);
}
