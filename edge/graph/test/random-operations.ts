import { getNamedType, getNullableType, isAbstractType, isCompositeType, isEnumType, isListType, isObjectType } from 'graphql';
import type { GraphQLArgument, GraphQLCompositeType, GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql';

/** Random operations over a schema, the same for the same seed: aliases, arguments, variables, fragments, conditions. */
export type RandomOperation = { readonly query: string; readonly variables: Readonly<Record<string, unknown>> };

const DEPTH_MAX = 5;
const VARIABLES = { yes: true, no: false, two: 2, none: null, id: 't3', word: '1' } as const;
const DECLARED = [
  '$yes: Boolean!',
  '$no: Boolean!',
  '$two: Int',
  '$none: Int',
  '$id: ID!',
  '$word: String!',
  '$absent: Int',
  '$three: Int = 3',
];

export function randomOperation(schema: GraphQLSchema, seed: number): RandomOperation {
  const random = mulberry32(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(all: readonly T[]): T => all[below(all.length)] as T;
  const fragments: string[] = [];
  let aliases = 0;

  const query = schema.getQueryType();
  if (query === undefined || query === null) throw new TypeError('there is nothing to ask');
  const body = selection(query, 0);
  const text = `{ used: __typename @include(if: $yes) ${body} }\n${fragments.join('\n')}`;
  const declared = DECLARED.filter((variable) => text.includes(variable.slice(0, variable.indexOf(':'))));
  return { query: `query Q(${declared.join(', ')}) ${text}`, variables: VARIABLES };

  function selection(type: GraphQLCompositeType, depth: number): string {
    const parts: string[] = [];
    const count = depth === 0 ? 1 + below(3) : 1 + below(4);
    for (let n = 0; n < count; n += 1) parts.push(part(type, depth));
    return parts.join(' ');
  }

  function part(type: GraphQLCompositeType, depth: number): string {
    const roll = random();
    if (isAbstractType(type) && (roll < 0.6 || !('getFields' in type))) {
      const concrete = pick(schema.getPossibleTypes(type));
      return `... on ${concrete.name}${condition()} { ${selection(concrete, depth)} }`;
    }
    if (depth > 0 && isObjectType(type) && roll > 0.9) return fragment(type, depth);
    if (roll > 0.85) return `...${condition()} { ${field(type, depth)} }`;
    return roll < 0.05 ? '__typename' : field(type, depth);
  }

  function fragment(type: GraphQLObjectType, depth: number): string {
    const name = `F${fragments.length}`;
    const at = fragments.push('') - 1;
    fragments[at] = `fragment ${name} on ${type.name} { ${selection(type, depth)} }`;
    return `...${name}${condition()}`;
  }

  function field(type: GraphQLCompositeType, depth: number): string {
    if (!('getFields' in type)) return '__typename';
    const all = Object.values(type.getFields()).filter(({ name }) => name !== 'fail');
    const leaves = all.filter((each) => !isCompositeType(getNamedType(each.type)));
    const chosen: GraphQLField<unknown, unknown> | undefined =
      depth >= DEPTH_MAX ? (leaves.length === 0 ? undefined : pick(leaves)) : pick(all);
    if (chosen === undefined) return '__typename';
    const args = chosen.args.flatMap((argument) => valueFor(argument) ?? []);
    // Fields with arguments, and the same field on different types, must not collide under one name.
    const alias = args.length > 0 || random() < 0.3 ? `a${(aliases += 1)}: ` : '';
    const named = getNamedType(chosen.type);
    const sub = isCompositeType(named) ? ` { ${selection(named, depth + 1)} }` : '';
    return `${alias}${chosen.name}${args.length === 0 ? '' : `(${args.join(', ')})`}${condition()}${sub}`;
  }

  function condition(): string {
    const roll = random();
    if (roll < 0.04) return ' @skip(if: $yes)';
    if (roll < 0.08) return ' @include(if: $no)';
    if (roll < 0.14) return ' @skip(if: $no)';
    if (roll < 0.2) return ' @include(if: $yes)';
    if (roll < 0.22) return ' @include(if: true) @skip(if: false)';
    return '';
  }

  function valueFor(argument: GraphQLArgument): string | undefined {
    const type = getNullableType(argument.type);
    const isOptional = type === argument.type;
    if (isOptional && random() < 0.4) return undefined;
    if (isListType(type) || isEnumType(type)) throw new TypeError(`no values are made for ${argument.name}`);
    const values: Readonly<Record<string, readonly string[]>> = {
      Int: ['1', '2', '$two', '$none', '$absent', '$three', 'null'],
      Boolean: ['true', 'false', '$yes', '$no'],
      ID: ['"t2"', '"u1"', '"missing"', '$id'],
      String: ['"Film"', '"Person"', '"9"', '$word'],
    };
    return `${argument.name}: ${pick(values[String(type)] ?? [])}`;
  }
}

/** Tommy Ettinger's generator of the same name: small, fast, good enough for choosing. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
