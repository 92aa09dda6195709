import type { ActionType, EntityType, Schema } from './schema.ts';
import { EMPTY_RECORD } from './type.ts';
import type { AttributeType, RecordType, Type } from './type.ts';
import { asArray, asObject, asText, isObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { PolicyFault } from '../policy-fault.ts';
import { entityKey } from '../values/entity.ts';

/** Reads a schema in Cedar's JSON format and resolves its names. Throws `PolicyFault`; what it lets pass is not yet proven valid (see `validatePolicies`). */
export function readSchema(json: Json): Schema {
  return new SchemaReader(asObject(json, 'schema')).read();
}

/** A common type may refer to others, not to itself; this many steps end a ring. */
const COMMON_TYPE_STEPS_MAX = 100;

const PRIMITIVES: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['Bool', { kind: 'bool' }],
  ['Boolean', { kind: 'bool' }],
  ['Long', { kind: 'long' }],
  ['String', { kind: 'string' }],
  ['decimal', { kind: 'decimal' }],
  ['ipaddr', { kind: 'ipaddr' }],
  ['datetime', { kind: 'datetime' }],
  ['duration', { kind: 'duration' }],
]);

class SchemaReader {
  readonly #json: JsonObject;
  readonly #entities = new Map<string, { readonly json: JsonObject; readonly namespace: string }>();
  readonly #commons = new Map<string, { readonly json: Json; readonly namespace: string }>();
  readonly #actions = new Map<
    string,
    { readonly type: string; readonly id: string; readonly json: JsonObject; readonly namespace: string }
  >();
  #steps = 0;

  constructor(json: JsonObject) {
    this.#json = json;
  }

  read(): Schema {
    for (const [namespace, definition] of Object.entries(this.#json))
      this.#collect(namespace, asObject(definition, `namespace "${namespace}"`));
    return {
      entityTypes: new Map([...this.#entities.keys()].map((name) => [name, this.#entityType(name)])),
      actions: new Map([...this.#actions.keys()].map((key) => [key, this.#action(key)])),
    };
  }

  #collect(namespace: string, definition: JsonObject): void {
    for (const [name, json] of Object.entries(asObject(definition['entityTypes'] ?? {}, 'entityTypes')))
      this.#entities.set(qualified(namespace, name), { json: asObject(json, name), namespace });
    for (const [name, json] of Object.entries(asObject(definition['commonTypes'] ?? {}, 'commonTypes')))
      this.#commons.set(qualified(namespace, name), { json, namespace });
    for (const [id, json] of Object.entries(asObject(definition['actions'] ?? {}, 'actions'))) {
      const type = qualified(namespace, 'Action');
      this.#actions.set(entityKey({ type, id }), { type, id, json: asObject(json, id), namespace });
    }
  }

  #entityType(name: string): EntityType {
    const { json, namespace } = known(this.#entities, name);
    const { shape, tags, enum: ids } = json;
    return {
      name,
      attributes: shape === undefined ? EMPTY_RECORD : this.#recordType(shape, namespace, name),
      tags: tags === undefined ? null : this.#type(tags, namespace, `${name}.tags`),
      ancestorTypes: closure(name, (each) => this.#parentTypes(each)),
      ids: ids === undefined ? null : new Set(asArray(ids, name).map((id) => asText(id, name))),
    };
  }

  #parentTypes(name: string): readonly string[] {
    const { json, namespace } = known(this.#entities, name);
    return asArray(json['memberOfTypes'] ?? [], name).map((each) => this.#entityName(asText(each, name), namespace));
  }

  #action(key: string): ActionType {
    const { type, id, json, namespace } = known(this.#actions, key);
    const applies = isObject(json['appliesTo']) ? json['appliesTo'] : {};
    const types = (of: string): readonly string[] =>
      asArray(applies[of] ?? [], `${key}.${of}`).map((each) => this.#entityName(asText(each, key), namespace));
    const { context } = applies;
    return {
      type,
      id,
      principalTypes: types('principalTypes'),
      resourceTypes: types('resourceTypes'),
      context: context === undefined ? EMPTY_RECORD : this.#recordType(context, namespace, `${key}.context`),
      ancestors: closure(key, (each) => this.#parentActions(each)),
    };
  }

  #parentActions(key: string): readonly string[] {
    const { json, namespace } = known(this.#actions, key);
    return asArray(json['memberOf'] ?? [], key).map((each) => {
      const parent = asObject(each, `${key}.memberOf`);
      const id = asText(parent['id'], `${key}.memberOf.id`);
      const { type } = parent;
      const candidates =
        type === undefined || type === null
          ? [qualified(namespace, 'Action')]
          : [qualified(namespace, asText(type, key)), asText(type, key)];
      const found = candidates.map((candidate) => entityKey({ type: candidate, id })).find((candidate) => this.#actions.has(candidate));
      if (found === undefined) throw new PolicyFault(`schema: ${key} is a member of ${candidates.at(-1)}::"${id}", which does not exist`);
      return found;
    });
  }

  #recordType(json: Json, namespace: string, where: string): RecordType {
    const type = this.#type(json, namespace, where);
    if (type.kind !== 'record') throw new PolicyFault(`schema: ${where} has to be a record`);
    return type;
  }

  #type(json: Json, namespace: string, where: string): Type {
    const object = asObject(json, `schema: ${where}`);
    // `{ "type": { "type": … } }` is how older tools wrap a context.
    if (isObject(object['type'])) return this.#type(object['type'], namespace, where);
    const kind = asText(object['type'], `schema: ${where}.type`);
    switch (kind) {
      case 'Set':
        return { kind: 'set', of: this.#type(object['element'] ?? null, namespace, where) };
      case 'Record':
        return this.#record(object, namespace, where);
      case 'Entity':
        return { kind: 'entity', name: this.#entityName(asText(object['name'], where), namespace) };
      case 'Extension':
        return this.#builtin(asText(object['name'], where), where);
      case 'EntityOrCommon':
        return this.#named(asText(object['name'], where), namespace, where, true);
      default:
        return this.#named(kind, namespace, where, false);
    }
  }

  #record(json: JsonObject, namespace: string, where: string): RecordType {
    const attributes = new Map<string, AttributeType>();
    for (const [name, attribute] of Object.entries(asObject(json['attributes'] ?? {}, where))) {
      const isRequired = !(isObject(attribute) && attribute['required'] === false);
      attributes.set(name, { type: this.#type(attribute, namespace, `${where}.${name}`), isRequired });
    }
    return { kind: 'record', attributes, isOpen: json['additionalAttributes'] === true };
  }

  /** The namespace of the reference wins over the empty one, common types over entity types, both over what is built in. */
  #named(name: string, namespace: string, where: string, mayBeEntity: boolean): Type {
    if (name.startsWith('__cedar::')) return this.#builtin(name.slice('__cedar::'.length), where);
    for (const candidate of candidatesOf(name, namespace)) {
      const common = this.#commons.get(candidate);
      if (common !== undefined) return this.#common(common, candidate);
      if (mayBeEntity && this.#entities.has(candidate)) return { kind: 'entity', name: candidate };
    }
    return this.#builtin(name, where);
  }

  #common(common: { readonly json: Json; readonly namespace: string }, name: string): Type {
    this.#steps += 1;
    if (this.#steps > COMMON_TYPE_STEPS_MAX) throw new PolicyFault(`schema: the type ${name} is made of itself`);
    const type = this.#type(common.json, common.namespace, name);
    this.#steps -= 1;
    return type;
  }

  #builtin(name: string, where: string): Type {
    const type = PRIMITIVES.get(name);
    if (type === undefined) throw new PolicyFault(`schema: ${where} is of type ${name}, which does not exist`);
    return type;
  }

  #entityName(name: string, namespace: string): string {
    const found = candidatesOf(name, namespace).find((candidate) => this.#entities.has(candidate));
    if (found === undefined) throw new PolicyFault(`schema: there is no entity type ${name}`);
    return found;
  }
}

function candidatesOf(name: string, namespace: string): readonly string[] {
  return namespace === '' || name.includes('::') ? [name] : [qualified(namespace, name), name];
}

function qualified(namespace: string, name: string): string {
  return namespace === '' || name.includes('::') ? name : `${namespace}::${name}`;
}

function known<T>(map: ReadonlyMap<string, T>, key: string): T {
  const value = map.get(key);
  if (value === undefined) throw new PolicyFault(`schema: there is no ${key}`);
  return value;
}

/** All that can be reached, without the start itself unless it lies on a ring. */
function closure(start: string, next: (from: string) => readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...next(start)];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    if (reached.has(each)) continue;
    reached.add(each);
    open.push(...next(each));
  }
  return reached;
}
