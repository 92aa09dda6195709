import { readEntityName } from './entity-name.ts';
import { readRecord, readValue } from './read-value.ts';
import type { ReadOptions } from './read-value.ts';
import { asArray, asObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { PolicyFault } from '../policy-fault.ts';
import type { Schema } from '../schema/schema.ts';
import { ANY, OPEN_RECORD } from '../schema/type.ts';
import { Entity, entityKey } from '../values/entity.ts';

/** Where policies look up the entities that they come across. */
export type EntitySource = { find(type: string, id: string): Entity | undefined };

export const NO_ENTITIES: EntitySource = { find: () => undefined };

/** Entities at rest: read once, asked often. */
export class EntityStore implements EntitySource {
  readonly #byType = new Map<string, Map<string, Entity>>();

  constructor(entities: Iterable<Entity> = []) {
    for (const entity of entities) this.#add(entity);
  }

  find(type: string, id: string): Entity | undefined {
    return this.#byType.get(type)?.get(id);
  }

  #add(entity: Entity): void {
    const { type, id } = entity;
    let ofType = this.#byType.get(type);
    if (ofType === undefined) this.#byType.set(type, (ofType = new Map<string, Entity>()));
    if (ofType.has(id)) throw new PolicyFault(`the entity ${entityKey(entity)} is given twice`);
    ofType.set(id, entity);
  }
}

/** Looks among a few entities of one request before the ones at rest. */
export function entitiesBefore(few: readonly Entity[], atRest: EntitySource = NO_ENTITIES): EntitySource {
  return {
    find(type, id) {
      for (const entity of few) if (entity.id === id && entity.type === type) return entity;
      return atRest.find(type, id);
    },
  };
}

/**
 * Entities in Cedar's JSON format, read by the schema where there is one, with all their ancestors. With a schema, its actions are
 * there too. Throws `PolicyFault` for what does not conform.
 */
export function readEntities(json: Json, schema: Schema | null): EntityStore {
  const given = new Map<string, JsonObject>();
  for (const [index, each] of asArray(json, 'entities').entries()) {
    const entity = asObject(each, `entities[${index}]`);
    const key = entityKey(readEntityName(entity['uid'], `entities[${index}].uid`));
    if (given.has(key)) throw new PolicyFault(`the entity ${key} is given twice`);
    given.set(key, entity);
  }
  const actions = schema === null ? [] : actionEntities(schema);
  // References among them lead straight to the entity, so that no policy has to look it up.
  const known = new Map([
    ...[...given].map(([key, entity]): [string, Entity] => [key, referenceOf(entity['uid'], key)]),
    ...actions.map((action): [string, Entity] => [entityKey(action), action]),
  ]);
  const entity = (type: string, id: string): Entity => {
    const reference = new Entity(type, id);
    return known.get(entityKey(reference)) ?? reference;
  };
  const options: ReadOptions = { entity, strict: true };
  const parents = new Map([...given].map(([key, each]) => [key, parentsOf(each, key, options)]));
  for (const [key, each] of given) {
    const filled = known.get(key);
    if (filled !== undefined && !actions.includes(filled))
      fillEntity(filled, each, { key, schema, options, ancestors: ancestorsOf(key, parents) });
  }
  return new EntityStore(known.values());
}

/** The actions of a schema as entities: no attributes, all their ancestors. */
export function actionEntities(schema: Schema): readonly Entity[] {
  const bare = new Map([...schema.actions].map(([key, { type, id }]) => [key, new Entity(type, id)]));
  return [...schema.actions.values()].map(({ type, id, ancestors }) => {
    const above = [...ancestors].flatMap((key) => bare.get(key) ?? []);
    return new Entity(type, id, {}, null, above);
  });
}

function referenceOf(json: Json | undefined, where: string): Entity {
  const { type, id } = readEntityName(json, where);
  return new Entity(type, id);
}

function parentsOf(json: JsonObject, key: string, options: ReadOptions): readonly Entity[] {
  return asArray(orEmpty(json['parents'], []), `${key}.parents`).map((parent, index) => {
    const { type, id } = readEntityName(parent, `${key}.parents[${index}]`);
    return options.entity(type, id);
  });
}

/** What is left out is empty; `null` is a mistake. */
function orEmpty(json: Json | undefined, empty: Json): Json {
  return json === undefined ? empty : json;
}

function ancestorsOf(key: string, parents: ReadonlyMap<string, readonly Entity[]>): readonly Entity[] {
  const reached = new Map<string, Entity>();
  const open = [...(parents.get(key) ?? [])];
  for (let each = open.pop(); each !== undefined; each = open.pop()) {
    const above = entityKey(each);
    if (above === key) throw new PolicyFault(`the entity ${key} is its own ancestor`);
    if (reached.has(above)) continue;
    reached.set(above, each);
    open.push(...(parents.get(above) ?? []));
  }
  return [...reached.values()];
}

type Reading = {
  readonly key: string;
  readonly schema: Schema | null;
  readonly options: ReadOptions;
  readonly ancestors: readonly Entity[];
};

function fillEntity(entity: Entity, json: JsonObject, { key, schema, options, ancestors }: Reading): void {
  const { type, id } = entity;
  const declared = schema?.entityTypes.get(type);
  const attributes = asObject(orEmpty(json['attrs'], {}), `${key}.attrs`);
  const tags = Object.entries(asObject(orEmpty(json['tags'], {}), `${key}.tags`));
  if (schema !== null && declared === undefined) throw new PolicyFault(`${key}: the schema knows no type ${type}`);
  if (declared !== undefined) {
    if (declared.ids !== null && !declared.ids.has(id)) throw new PolicyFault(`${key}: the schema lists no such id of ${type}`);
    const wrong = ancestors.find((each) => !declared.ancestorTypes.has(each.type));
    if (wrong !== undefined) throw new PolicyFault(`${key}: the schema lets no ${type} be in a ${wrong.type}`);
    if (tags.length > 0 && declared.tags === null) throw new PolicyFault(`${key}: the schema lets no ${type} have tags`);
  }
  Entity.fill(entity, {
    attributes: readRecord(attributes, declared?.attributes ?? OPEN_RECORD, `${key}.attrs`, options),
    tags: new Map(tags.map(([name, value]) => [name, readValue(value, declared?.tags ?? ANY, `${key}.tags.${name}`, options)])),
    ancestors,
  });
}
