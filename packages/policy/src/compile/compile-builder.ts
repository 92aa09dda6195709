import { PolicyFault } from '../policy-fault.ts';
import { typeText } from '../schema/type.ts';
import type { RecordType, Type } from '../schema/type.ts';
import { CedarSet } from '../values/cedar-set.ts';
import { Entity } from '../values/entity.ts';
import { Datetime, parseDatetime } from '../values/datetime.ts';
import { parseDecimal } from '../values/decimal.ts';
import { Duration, parseDuration } from '../values/duration.ts';
import { parseIpAddress } from '../values/ip-address.ts';
import { toLong } from '../values/long.ts';
import { fieldOf, kindOf } from '../values/value.ts';
import type { CedarRecord, Value } from '../values/value.ts';

/**
 * What a program knows, in its own words: booleans, numbers and strings as they are, arrays for sets, plain objects for records, text for
 * decimals, addresses and times (or `Datetime` and the like), `Entity` for references. Undefined: not known. Arrays are kept, not copied:
 * do not change them afterwards.
 */
export type Signal = Value | readonly Signal[] | Signals | undefined;
export type Signals = { readonly [name: string]: Signal };

export type EntityBuilder = (id: string, signals: Signals, ancestors?: readonly Entity[], tags?: ReadonlyMap<string, Value>) => Entity;
export type ContextBuilder = (signals: Signals) => CedarRecord;

/** Checks every signal against the schema on the way and throws `PolicyFault` at the first that does not fit. Names that the schema does not know are not read. */
export function compileEntityBuilder(type: string, attributes: RecordType): EntityBuilder {
  const { shape, text, constants } = recordCode(attributes, type);
  const build = `(id, s, ancestors, tags) => { ${text} return new R.Entity(${JSON.stringify(type)}, id, record, tags ?? null, ancestors); }`;
  return made(`"use strict";\n${shape}\nreturn ${build};`, constants) as EntityBuilder;
}

export function compileContextBuilder(attributes: RecordType): ContextBuilder {
  const { shape, text, constants } = recordCode(attributes, 'context');
  return made(`"use strict";\n${shape}\nreturn (s) => { ${text} return record; };`, constants) as ContextBuilder;
}

const RUNTIME = { Entity, CedarSet, Datetime, Duration, signalValue, areStrings, areEntities };

/** As for policies: the text is made of our names and JSON literals only. */
function made(source: string, constants: readonly unknown[]): unknown {
  // oxlint-disable-next-line typescript/no-implied-eval -- one straight line of code for each type is what makes it quick
  const make = new Function('R', 'K', source) as (runtime: typeof RUNTIME, constants: readonly unknown[]) => unknown;
  return make(RUNTIME, constants);
}

type RecordCode = { readonly shape: string; readonly text: string; readonly constants: readonly unknown[] };

/**
 * Records come from a constructor, not from a literal: V8 watches literals, and when the first ones stay (entities at rest) it puts all
 * later ones where only the slow collector looks, those of passing requests too.
 */
function recordCode({ attributes }: RecordType, where: string): RecordCode {
  const constants: unknown[] = [];
  const assignments: string[] = [];
  const values: string[] = [];
  let text = '';
  for (const [index, [name, { type, isRequired }]] of [...attributes].entries()) {
    const variable = `v${index}`;
    const path = JSON.stringify(`${where}.${name}`);
    const isInherited = fieldOf(name) !== name;
    const read = isInherited
      ? `Object.hasOwn(s, ${JSON.stringify(name)}) ? s[${JSON.stringify(name)}] : undefined`
      : `s[${JSON.stringify(name)}]`;
    constants.push({ type, isRequired });
    const long = `R.signalValue(${variable}, K[${index}], ${path})`;
    const quick = quickCode(variable, type);
    // An optional signal that is not known is the usual case too.
    const value = quick === null ? long : `${isRequired ? '' : `${variable} === undefined ? undefined : `}${quick} : ${long}`;
    text += `const ${variable} = ${read};\n`;
    assignments.push(`this[${JSON.stringify(fieldOf(name))}] = ${variable};`);
    values.push(value);
  }
  const parameters = assignments.map((_each, index) => `v${index}`).join(', ');
  const shape = `function Shape(${parameters}) { ${assignments.join(' ')} }`;
  return { shape, text: `${text}const record = new Shape(${values.join(', ')});`, constants };
}

/**
 * In line: what needs no conversion stays as it is, arrays of plain values become sets. Whatever is otherwise goes the long way, which finds
 * the fault or the other right form.
 */
function quickCode(variable: string, type: Type): string | null {
  switch (type.kind) {
    case 'bool':
      return `typeof ${variable} === "boolean" ? ${variable}`;
    case 'string':
      return `typeof ${variable} === "string" ? ${variable}`;
    case 'long':
      return `Number.isSafeInteger(${variable}) ? ${variable}`;
    case 'entity':
      return type.name === null
        ? null
        : `${variable} instanceof R.Entity && ${variable}.type === ${JSON.stringify(type.name)} ? ${variable}`;
    case 'datetime':
      return `${variable} instanceof R.Datetime ? ${variable}`;
    case 'duration':
      return `${variable} instanceof R.Duration ? ${variable}`;
    case 'set':
      if (type.of.kind === 'string') return `R.areStrings(${variable}) ? new R.CedarSet(${variable})`;
      if (type.of.kind === 'entity' && type.of.name !== null)
        return `R.areEntities(${variable}, ${JSON.stringify(type.of.name)}) ? new R.CedarSet(${variable})`;
      return null;
    case 'any':
    case 'record':
    case 'decimal':
    case 'ipaddr':
    default:
      return null;
  }
}

function areStrings(signal: Signal): boolean {
  if (!Array.isArray(signal)) return false;
  for (const item of signal) if (typeof item !== 'string') return false;
  return true;
}

function areEntities(signal: Signal, type: string): boolean {
  if (!Array.isArray(signal)) return false;
  for (const item of signal) if (!(item instanceof Entity) || item.type !== type) return false;
  return true;
}

function signalValue(signal: Signal, wanted: { readonly type: Type; readonly isRequired: boolean }, where: string): Value | undefined {
  if (signal !== undefined) return convert(signal, wanted.type, where);
  if (wanted.isRequired) throw new PolicyFault(`${where} is missing, though the schema requires it`);
  return undefined;
}

const PARSERS = { decimal: parseDecimal, ipaddr: parseIpAddress, datetime: parseDatetime, duration: parseDuration } as const;

function convert(signal: NonNullable<Signal>, type: Type, where: string): Value {
  switch (type.kind) {
    case 'set':
      if (signal instanceof CedarSet) return convert(signal.items, type, where);
      if (Array.isArray(signal)) return new CedarSet(signal.map((item: NonNullable<Signal>) => convert(item, type.of, where)));
      throw unfit(type, where);
    case 'record':
      return convertRecord(signal, type, where);
    case 'entity':
      if (signal instanceof Entity && (type.name === null || type.name === signal.type)) return signal;
      throw unfit(type, where);
    case 'decimal':
    case 'ipaddr':
    case 'datetime':
    case 'duration': {
      const value = typeof signal === 'string' ? PARSERS[type.kind](signal) : signal;
      if (value === undefined || !isValue(value) || kindOf(value) !== type.kind) throw unfit(type, where);
      return value;
    }
    case 'long': {
      const isWhole = typeof signal === 'bigint' || Number.isSafeInteger(signal);
      const long = isWhole ? toLong(BigInt(signal as number)) : undefined;
      if (long === undefined) throw unfit(type, where);
      return long;
    }
    case 'bool':
    case 'string':
    case 'any':
    default:
      if (!isValue(signal) || (type.kind !== 'any' && kindOf(signal) !== type.kind)) throw unfit(type, where);
      return signal;
  }
}

function convertRecord(signal: NonNullable<Signal>, type: RecordType, where: string): CedarRecord {
  if (!isValue(signal) || kindOf(signal) !== 'record') throw unfit(type, where);
  const record: Record<string, Value | undefined> = {};
  for (const [name, attribute] of type.attributes) {
    const inner = Object.hasOwn(signal as Signals, name) ? (signal as Signals)[name] : undefined;
    record[fieldOf(name)] = signalValue(inner, attribute, `${where}.${name}`);
  }
  return record;
}

function isValue(signal: NonNullable<Signal>): signal is Value {
  return !Array.isArray(signal);
}

function unfit(type: Type, where: string): PolicyFault {
  return new PolicyFault(`${where}: ${typeText(type)} is wanted`);
}
