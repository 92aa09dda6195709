import type { Schema } from '../schema/schema.ts';
import { ANY, OPEN_RECORD } from '../schema/type.ts';
import type { RecordType, Type } from '../schema/type.ts';
import { entityKey } from '../values/entity.ts';
import type { EntityName } from '../values/entity.ts';

/** What a request says before its values are looked at. Policies are compiled once for each that occurs. */
export type Environment = {
  readonly schema: Schema | null;
  readonly principalType: string;
  readonly action: EntityName;
  readonly resourceType: string;
  /** False: the context has not been read by the schema, so nothing is known of it. */
  readonly isContextTyped: boolean;
};

export function contextTypeOf({ schema, action, isContextTyped }: Environment): RecordType {
  if (!isContextTyped) return OPEN_RECORD;
  return schema?.actions.get(entityKey(action))?.context ?? OPEN_RECORD;
}

/** Attributes of a type of entity: open where there is no schema to say. */
export function attributesTypeOf(schema: Schema | null, entityType: string | null): RecordType {
  if (schema === null || entityType === null) return OPEN_RECORD;
  return schema.entityTypes.get(entityType)?.attributes ?? OPEN_RECORD;
}

export function tagTypeOf(schema: Schema | null, entityType: string | null): Type {
  if (schema === null || entityType === null) return ANY;
  return schema.entityTypes.get(entityType)?.tags ?? ANY;
}

/** Whether an entity of the one type may lie under one of the other type; undefined when nothing is known. */
export function mayBeUnder(schema: Schema | null, type: string | null, group: string | null): boolean | undefined {
  if (schema === null || type === null || group === null) return undefined;
  return schema.entityTypes.get(type)?.ancestorTypes.has(group);
}
