import type { Random } from './random.ts';
import { STRINGS, TEXTS_OF } from './random-data.ts';
import { ATTRIBUTE_NAMES, IDS, randomType } from './random-schema.ts';
import type { RandomAttribute, RandomSchema } from './random-schema.ts';
import type { Type } from '../../src/schema/type.ts';

/** Policy text, typed as the schema says, except where chance has it that it is not. */
export function randomPolicy(random: Random, schema: RandomSchema): string {
  return new PolicyWriter(random, schema).policy();
}

/** Its only slot is `?principal`. */
export function randomTemplate(random: Random, schema: RandomSchema): string {
  return new PolicyWriter(random, schema).policy('?principal');
}

const LONGS = [
  '0',
  '1',
  '-1',
  '2',
  '17',
  '1000',
  '9007199254740993',
  '-9007199254740993',
  '9223372036854775807',
  '-9223372036854775808',
  '3037000500',
];
const CHANCE_OF_WRONG_TYPE = 0.03;
const CONSTRUCTORS = { decimal: 'decimal', ipaddr: 'ip', datetime: 'datetime', duration: 'duration' } as const;

class PolicyWriter {
  readonly #random: Random;
  readonly #schema: RandomSchema;
  readonly #types: readonly string[];
  #action;

  constructor(random: Random, schema: RandomSchema) {
    this.#random = random;
    this.#schema = schema;
    this.#types = schema.entityTypes.map(({ name }) => name);
    this.#action = random.pick(schema.actions);
  }

  policy(slot?: '?principal'): string {
    const random = this.#random;
    const scope = [this.#scope('principal', slot), this.#actionScope(), this.#scope('resource')].join(', ');
    const conditions = random.list(2, () => `${random.pick(['when', 'unless'])} { ${this.#expression({ kind: 'bool' }, 3)} }`);
    const annotation = random.chance(0.2) ? '@reason("because \\u{e9}")\n' : '';
    return `${annotation}${random.pick(['permit', 'permit', 'forbid'])}(${scope}) ${conditions.join(' ')};`;
  }

  #scope(name: 'principal' | 'resource', slot?: '?principal'): string {
    const random = this.#random;
    const entity = (): string => slot ?? this.#entity(random.pick(this.#types));
    const choice = random.below(slot === undefined ? 10 : 3);
    if (choice === 0) return `${name} == ${entity()}`;
    if (choice === 1) return `${name} in ${entity()}`;
    if (choice === 2) return `${name} is ${random.pick(this.#types)} in ${entity()}`;
    return choice < 5 ? `${name} is ${random.pick(this.#types)}` : name;
  }

  #actionScope(): string {
    const random = this.#random;
    const entity = (): string => this.#actionEntity();
    return random.pick([
      () => 'action',
      () => `action == ${entity()}`,
      () => `action in ${entity()}`,
      () => `action in [${entity()}, ${entity()}]`,
    ])();
  }

  #actionEntity(): string {
    const { type, id } = this.#random.pick(this.#schema.actions);
    return `${type}::${JSON.stringify(id)}`;
  }

  #expression(wanted: Type, depth: number): string {
    const random = this.#random;
    const type = random.chance(CHANCE_OF_WRONG_TYPE) ? randomType(random, this.#types, 1) : wanted;
    if (depth <= 0) return random.chance(0.5) ? this.#path(type) : this.#literal(type, 0);
    if (random.chance(0.06))
      return `(if ${this.#expression({ kind: 'bool' }, depth - 1)} then ${this.#expression(type, depth - 1)} else ${this.#expression(type, depth - 1)})`;
    if (random.chance(0.06)) return `{${JSON.stringify('k')}: ${this.#expression(type, depth - 1)}}["k"]`;
    if (type.kind === 'bool') return this.#bool(depth - 1);
    if (random.chance(0.4)) return this.#path(type);
    return this.#operation(type, depth - 1);
  }

  #bool(depth: number): string {
    const random = this.#random;
    const any = (): Type => randomType(random, this.#types, 1);
    const sub = (type: Type): string => this.#expression(type, depth);
    const bool: Type = { kind: 'bool' };
    const long: Type = { kind: 'long' };
    const entity = (): Type => ({ kind: 'entity', name: random.pick(this.#types) });
    const makers: readonly (() => string)[] = [
      () => `(${sub(bool)} && ${sub(bool)})`,
      () => `(${sub(bool)} && ${sub(bool)})`,
      () => `(${sub(bool)} || ${sub(bool)})`,
      () => `!(${sub(bool)})`,
      () => {
        const type = any();
        return `(${sub(type)} ${random.pick(['==', '!='])} ${sub(type)})`;
      },
      () => `(${sub(long)} ${random.pick(['<', '<=', '>', '>='])} ${sub(long)})`,
      () => {
        const type: Type = { kind: random.pick(['datetime', 'duration'] as const) };
        return `(${sub(type)} ${random.pick(['<', '<=', '>', '>='])} ${sub(type)})`;
      },
      () => `(${sub(entity())} in ${sub(random.chance(0.7) ? entity() : { kind: 'set', of: entity() })})`,
      () => `(action in ${random.chance(0.5) ? this.#actionEntity() : `[${this.#actionEntity()}, ${this.#actionEntity()}]`})`,
      () => `(${sub(entity())} is ${random.pick(this.#types)}${random.chance(0.3) ? ` in ${sub(entity())}` : ''})`,
      () => `(${sub(entity())} has ${this.#attributeName()})`,
      () => `(${random.pick(['principal', 'resource', 'context'])} has ${this.#attributeName()})`,
      () => `(${sub({ kind: 'string' })} like ${random.pick(['"*"', '"a*"', '"*c"', '"a*c"', '"\\*"', '"*b*c*"', '"é"', '""', '"**"'])})`,
      () => {
        const type = any();
        return `${sub({ kind: 'set', of: type })}.contains(${sub(type)})`;
      },
      () => {
        const type: Type = { kind: 'set', of: any() };
        return `${sub(type)}.${random.pick(['containsAll', 'containsAny'])}(${sub(type)})`;
      },
      () => `${sub({ kind: 'set', of: any() })}.isEmpty()`,
      () => `${sub(entity())}.hasTag(${sub({ kind: 'string' })})`,
      () =>
        `${sub({ kind: 'decimal' })}.${random.pick(['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'])}(${sub({ kind: 'decimal' })})`,
      () => `${sub({ kind: 'ipaddr' })}.${random.pick(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'])}()`,
      () => `${sub({ kind: 'ipaddr' })}.isInRange(${sub({ kind: 'ipaddr' })})`,
      () => this.#guarded(),
      () => this.#guarded(),
      () => this.#path(bool),
      () => this.#literal(bool, 0),
    ];
    return random.pick(makers)();
  }

  /** What people write most: an optional attribute is asked for before it is read. */
  #guarded(): string {
    const random = this.#random;
    const { name, attributes } = random.pick(this.#roots());
    const attribute = attributes.length === 0 ? undefined : random.pick(attributes);
    if (attribute === undefined) return `(${name} has ${this.#attributeName()})`;
    const path = `${name}[${JSON.stringify(attribute.name)}]`;
    return `(${name} has ${JSON.stringify(attribute.name)} && ${path} == ${this.#expression(attribute.type, 1)})`;
  }

  #operation(type: Type, depth: number): string {
    const random = this.#random;
    const sub = (of: Type): string => this.#expression(of, depth);
    switch (type.kind) {
      case 'long':
        return random.pick([
          () => `(${sub(type)} ${random.pick(['+', '-', '*'])} ${sub(type)})`,
          () => `-(${sub(type)})`,
          () => `${sub({ kind: 'duration' })}.${random.pick(['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'])}()`,
          () => this.#literal(type, depth),
        ])();
      case 'datetime':
        return random.pick([
          () => `${sub(type)}.offset(${sub({ kind: 'duration' })})`,
          () => `${sub(type)}.toDate()`,
          () => this.#literal(type, depth),
        ])();
      case 'duration':
        return random.pick([
          () => `${sub({ kind: 'datetime' })}.durationSince(${sub({ kind: 'datetime' })})`,
          () => `${sub({ kind: 'datetime' })}.toTime()`,
          () => this.#literal(type, depth),
        ])();
      case 'any':
      case 'bool':
      case 'string':
      case 'entity':
      case 'set':
      case 'record':
      case 'decimal':
      case 'ipaddr':
      default:
        return this.#literal(type, depth);
    }
  }

  /** A path from a variable to a value of the type, if chance finds one; else a literal. */
  #path(type: Type): string {
    const random = this.#random;
    const paths = this.#roots().flatMap(({ name, attributes }) => this.#pathsFrom(name, attributes, type, 2));
    if (type.kind === 'entity') paths.push('principal', 'resource', 'action');
    const tagged = this.#schema.entityTypes.filter(({ tags }) => tags?.kind === type.kind);
    if (tagged.length > 0 && random.chance(0.3))
      return `${random.pick(['principal', 'resource'])}.getTag(${JSON.stringify(random.pick(STRINGS))})`;
    return paths.length === 0 ? this.#literal(type, 1) : random.pick(paths);
  }

  #roots(): readonly { readonly name: string; readonly attributes: readonly RandomAttribute[] }[] {
    const attributesOf = (type: string): readonly RandomAttribute[] =>
      this.#schema.entityTypes.find(({ name }) => name === type)?.attributes ?? [];
    return [
      { name: 'principal', attributes: attributesOf(this.#random.pick(this.#action.principalTypes)) },
      { name: 'resource', attributes: attributesOf(this.#random.pick(this.#action.resourceTypes)) },
      { name: 'context', attributes: this.#action.context },
    ];
  }

  #pathsFrom(from: string, attributes: readonly RandomAttribute[], wanted: Type, depth: number): string[] {
    return attributes.flatMap(({ name, type }) => {
      const path = /^[a-z]+$/.test(name) && name !== 'if' ? `${from}.${name}` : `${from}[${JSON.stringify(name)}]`;
      const here = type.kind === wanted.kind ? [path] : [];
      if (depth === 0) return here;
      const inner =
        type.kind === 'record'
          ? [...type.attributes].map(([innerName, attribute]) => ({ name: innerName, ...attribute }))
          : type.kind === 'entity'
            ? (this.#schema.entityTypes.find((each) => each.name === type.name)?.attributes ?? [])
            : [];
      return [...here, ...this.#pathsFrom(path, inner, wanted, depth - 1)];
    });
  }

  #literal(type: Type, depth: number): string {
    const random = this.#random;
    switch (type.kind) {
      case 'bool':
        return random.pick(['true', 'false']);
      case 'long':
        return `(${random.pick(LONGS)})`;
      case 'string':
        return JSON.stringify(random.pick(STRINGS));
      case 'entity':
        return this.#entity(type.name ?? random.pick(this.#types));
      case 'set':
        return `[${random.list(3, () => this.#expression(type.of, depth - 1)).join(', ')}]`;
      case 'record':
        return `{${[...type.attributes].map(([name, attribute]) => `${JSON.stringify(name)}: ${this.#expression(attribute.type, depth - 1)}`).join(', ')}}`;
      case 'any':
        throw new Error('there is no literal of it');
      case 'decimal':
      case 'ipaddr':
      case 'datetime':
      case 'duration':
      default: {
        const text = random.chance(0.05) ? random.pick(STRINGS) : random.pick(TEXTS_OF[type.kind]);
        const operand = random.chance(0.05) ? this.#expression({ kind: 'string' }, depth - 1) : JSON.stringify(text);
        return `${CONSTRUCTORS[type.kind]}(${operand}${random.chance(0.01) ? ', 1' : ''})`;
      }
    }
  }

  #entity(type: string): string {
    return `${type}::${JSON.stringify(this.#random.pick(IDS))}`;
  }

  #attributeName(): string {
    return JSON.stringify(this.#random.pick(ATTRIBUTE_NAMES));
  }
}
