import type { Random } from './random.ts';
import type { Json } from '../../src/json.ts';
import type { Type } from '../../src/schema/type.ts';

export type RandomSchema = {
  readonly json: Json;
  readonly entityTypes: readonly RandomEntityType[];
  readonly actions: readonly RandomAction[];
};

export type RandomEntityType = {
  readonly name: string;
  readonly attributes: readonly RandomAttribute[];
  readonly tags: Type | null;
  readonly parentTypes: readonly string[];
  readonly ids: readonly string[] | null;
};

export type RandomAttribute = { readonly name: string; readonly type: Type; readonly isRequired: boolean };

export type RandomAction = {
  readonly type: string;
  readonly id: string;
  readonly principalTypes: readonly string[];
  readonly resourceTypes: readonly string[];
  readonly context: readonly RandomAttribute[];
  readonly parents: readonly string[];
};

const TYPE_NAMES = ['Member', 'Title', 'Device', 'Group'] as const;
/** Among them names that a careless JavaScript would stumble over. */
export const ATTRIBUTE_NAMES = ['plan', 'age', 'owner', 'constructor', '__proto__', 'a b', 'if', '$x', 'toString', 'länder', '0'] as const;
export const IDS = ['a', 'b', 'c', '', 'x"y\\'] as const;
const EXTENSIONS = ['decimal', 'ipaddr', 'datetime', 'duration'] as const;

/** A few types of entities in one or two namespaces, with a few actions in a hierarchy. */
export function randomSchema(random: Random): RandomSchema {
  const namespace = random.chance(0.3) ? 'Shop' : '';
  const names = TYPE_NAMES.slice(0, 2 + random.below(3)).map((name) =>
    namespace === '' || random.chance(0.3) ? name : `${namespace}::${name}`,
  );
  const entityTypes = names.map((name, index): RandomEntityType => {
    const isEnumerated = index > 1 && random.chance(0.3);
    if (isEnumerated) return { name, attributes: [], tags: null, parentTypes: [], ids: ['a', 'b'] };
    return {
      name,
      attributes: randomAttributes(random, names, 2),
      tags: random.chance(0.4) ? randomType(random, names, 1) : null,
      parentTypes: [...new Set(random.some(names, 2))],
      ids: null,
    };
  });
  const parentTypes = new Set(entityTypes.filter(({ ids }) => ids !== null).map(({ name }) => name));
  const standard = entityTypes.map((each) => ({ ...each, parentTypes: each.parentTypes.filter((parent) => !parentTypes.has(parent)) }));
  const actionType = namespace === '' ? 'Action' : `${namespace}::Action`;
  const actions = ['play', 'rate', 'all'].map((id, index, ids): RandomAction => ({
    type: actionType,
    id,
    principalTypes: [...new Set([random.pick(names), ...random.some(names, 2)])],
    resourceTypes: [...new Set([random.pick(names), ...random.some(names, 2)])],
    context: randomAttributes(random, names, 2),
    parents: ids.slice(index + 1).filter(() => random.chance(0.4)),
  }));
  return { json: schemaJson(namespace, standard, actions), entityTypes: standard, actions };
}

function randomAttributes(random: Random, names: readonly string[], depth: number): readonly RandomAttribute[] {
  const attributes = random.list(5, () => ({
    name: random.pick(ATTRIBUTE_NAMES),
    type: randomType(random, names, depth),
    isRequired: random.chance(0.6),
  }));
  return attributes.filter(({ name }, index) => attributes.findIndex((each) => each.name === name) === index);
}

export function randomType(random: Random, names: readonly string[], depth: number): Type {
  const choice = random.below(depth > 0 ? 12 : 8);
  if (choice < 2) return { kind: 'long' };
  if (choice < 4) return { kind: 'string' };
  if (choice < 5) return { kind: 'bool' };
  if (choice < 7) return { kind: 'entity', name: random.pick(names) };
  if (choice < 8) return { kind: random.pick(EXTENSIONS) };
  if (choice < 10) return { kind: 'set', of: randomType(random, names, depth - 1) };
  const attributes = new Map(randomAttributes(random, names, depth - 1).map(({ name, type, isRequired }) => [name, { type, isRequired }]));
  return { kind: 'record', attributes, isOpen: false };
}

function schemaJson(namespace: string, entityTypes: readonly RandomEntityType[], actions: readonly RandomAction[]): Json {
  const inNamespace = (wanted: string): Json =>
    Object.fromEntries(
      entityTypes
        .filter(({ name }) => namespaceOf(name) === wanted)
        .map((each): [string, Json] => [each.name.split('::').at(-1) ?? '', entityTypeJson(each)]),
    );
  const actionsJson: Json = Object.fromEntries(
    actions.map(({ id, principalTypes, resourceTypes, context, parents }): [string, Json] => [
      id,
      {
        memberOf: parents.map((parent) => ({ id: parent })),
        appliesTo: { principalTypes, resourceTypes, context: recordJson(context) },
      },
    ]),
  );
  const empty: Json = { entityTypes: inNamespace(''), actions: namespace === '' ? actionsJson : {} };
  return namespace === '' ? { '': empty } : { '': empty, [namespace]: { entityTypes: inNamespace(namespace), actions: actionsJson } };
}

function namespaceOf(name: string): string {
  return name.split('::').slice(0, -1).join('::');
}

function entityTypeJson({ attributes, tags, parentTypes, ids }: RandomEntityType): Json {
  if (ids !== null) return { enum: ids };
  return { memberOfTypes: parentTypes, shape: recordJson(attributes), ...(tags === null ? {} : { tags: typeJson(tags) }) };
}

function recordJson(attributes: readonly RandomAttribute[]): Json {
  const entries = attributes.map(({ name, type, isRequired }): [string, Json] => [
    name,
    { ...(typeJson(type) as object), required: isRequired },
  ]);
  return { type: 'Record', attributes: Object.fromEntries(entries) };
}

function typeJson(type: Type): Json {
  switch (type.kind) {
    case 'entity':
      return { type: 'Entity', name: type.name };
    case 'set':
      return { type: 'Set', element: typeJson(type.of) };
    case 'record':
      return recordJson([...type.attributes].map(([name, attribute]) => ({ name, ...attribute })));
    case 'bool':
      return { type: 'Boolean' };
    case 'long':
      return { type: 'Long' };
    case 'string':
      return { type: 'String' };
    case 'any':
      throw new Error('there is no such type in a schema');
    case 'decimal':
    case 'ipaddr':
    case 'datetime':
    case 'duration':
    default:
      return { type: 'Extension', name: type.kind };
  }
}
