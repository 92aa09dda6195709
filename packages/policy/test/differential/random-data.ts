import type { Random } from './random.ts';
import { IDS } from './random-schema.ts';
import type { RandomAction, RandomAttribute, RandomEntityType, RandomSchema } from './random-schema.ts';
import type { Json } from '../../src/json.ts';
import type { Type } from '../../src/schema/type.ts';
import type { EntityName } from '../../src/values/entity.ts';

/** Whole numbers that the WebAssembly build can take from JavaScript; literals of policies go further. */
const LONGS = [0, 1, -1, 2, 3, 17, -17, 1000, 2 ** 53 - 1, -(2 ** 53 - 1)] as const;
export const STRINGS = ['', 'a', 'ab', 'abc', 'b*c', '*', 'é', '😀', 'x"y\\', '__proto__', '10.0.0.1', '1.5'] as const;
export const TEXTS_OF = {
  decimal: ['0.0', '1.5', '-1.5', '1.50', '922337203685477.5807', '-922337203685477.5808'],
  ipaddr: ['10.0.0.1', '10.0.0.0/8', '10.1.2.3/16', '127.0.0.1', '224.0.0.1', '::1', 'ff00::1', '2001:db8::/32', '::/0', '0.0.0.0/0'],
  datetime: ['1970-01-01', '1969-12-31T23:59:59.999Z', '2026-11-27', '2026-11-27T12:00:00+0130', '0000-01-01', '9999-12-31T23:59:59Z'],
  duration: ['0ms', '1d', '-1d2h', '1h30m', '-1ms', '9223372036854775807ms', '-9223372036854775808ms'],
} as const;
const CONSTRUCTORS = { decimal: 'decimal', ipaddr: 'ip', datetime: 'datetime', duration: 'duration' } as const;

const FEW = { share: 0.4, max: 7 };

/** A few of all entities that could be referred to; the others are missing. */
export function randomEntities(random: Random, schema: RandomSchema, isBySchema: boolean, { share, max } = FEW): Json {
  const names = schema.entityTypes.flatMap((type) => (type.ids ?? IDS).map((id) => ({ type, id })));
  const chosen = names.filter(() => random.chance(share)).slice(0, max);
  return chosen.map(({ type, id }, index) => ({
    uid: { type: type.name, id },
    attrs: recordOf(random, type.attributes, isBySchema),
    // Only towards what comes later: the hierarchy has no rings.
    parents: chosen
      .slice(index + 1)
      .filter((other) => mayBeParent(type, other.type) && random.chance(0.5))
      .map((other) => ({ type: other.type.name, id: other.id })),
    tags: type.tags === null ? {} : tagsOf(random, type.tags, isBySchema),
  }));
}

function mayBeParent(type: RandomEntityType, parent: RandomEntityType): boolean {
  return type.parentTypes.includes(parent.name);
}

function tagsOf(random: Random, type: Type, isBySchema: boolean): Json {
  return Object.fromEntries(random.list(2, () => [random.pick(STRINGS), valueOf(random, type, isBySchema)]));
}

export type RandomRequest = {
  readonly principal: EntityName;
  readonly action: EntityName;
  readonly resource: EntityName;
  readonly context: Json;
};

export function randomRequest(random: Random, schema: RandomSchema, isBySchema: boolean): RandomRequest {
  const action: RandomAction = random.pick(schema.actions);
  const ofType = (types: readonly string[]): EntityName => {
    const type = random.pick(random.chance(0.1) ? schema.entityTypes.map(({ name }) => name) : types);
    const declared = schema.entityTypes.find(({ name }) => name === type);
    return { type, id: random.pick(declared?.ids ?? IDS) };
  };
  return {
    principal: ofType(action.principalTypes),
    action: { type: action.type, id: action.id },
    resource: ofType(action.resourceTypes),
    context: recordOf(random, action.context, isBySchema),
  };
}

function recordOf(random: Random, attributes: readonly RandomAttribute[], isBySchema: boolean): Json {
  const present = attributes.filter(({ isRequired }) => isRequired || random.chance(0.5));
  return Object.fromEntries(present.map(({ name, type }) => [name, valueOf(random, type, isBySchema)]));
}

function valueOf(random: Random, type: Type, isBySchema: boolean): Json {
  const isImplicit = isBySchema && random.chance(0.5);
  switch (type.kind) {
    case 'bool':
      return random.chance(0.5);
    case 'long':
      return random.pick(LONGS);
    case 'string':
      return random.pick(STRINGS);
    case 'entity': {
      const name = { type: type.name ?? '', id: random.pick(IDS.slice(0, 2)) };
      return isImplicit ? name : { __entity: name };
    }
    case 'set':
      return random.list(3, () => valueOf(random, type.of, isBySchema));
    case 'record':
      return recordOf(
        random,
        [...type.attributes].map(([name, attribute]) => ({ name, ...attribute })),
        isBySchema,
      );
    case 'any':
      throw new Error('there is no value of it');
    case 'decimal':
    case 'ipaddr':
    case 'datetime':
    case 'duration':
    default: {
      const text = random.pick(TEXTS_OF[type.kind]);
      return isImplicit ? text : { __extn: { fn: CONSTRUCTORS[type.kind], arg: text } };
    }
  }
}
