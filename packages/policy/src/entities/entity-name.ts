import { asObject, asText, isObject } from '../json.ts';
import type { Json } from '../json.ts';
import type { EntityName } from '../values/entity.ts';

/** `{type, id}`, also inside `__entity`. */
export function readEntityName(json: Json | undefined, where: string): EntityName {
  const object = asObject(json, where);
  const inner = isObject(object['__entity']) ? object['__entity'] : object;
  return { type: asText(inner['type'], `${where}.type`), id: asText(inner['id'], `${where}.id`) };
}
