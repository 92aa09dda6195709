import { readRecord } from './read-value.ts';
import { asObject } from '../json.ts';
import type { Json } from '../json.ts';
import { PolicyFault } from '../policy-fault.ts';
import type { Schema } from '../schema/schema.ts';
import { OPEN_RECORD } from '../schema/type.ts';
import { Entity, entityKey } from '../values/entity.ts';
import type { EntityName } from '../values/entity.ts';
import type { CedarRecord } from '../values/value.ts';

/**
 * The context of a request from Cedar's JSON, read as the schema says for the action. Throws `PolicyFault` when it does not conform.
 * `strict: false` lets primitive values be of another type, as Cedar does for a request that is not validated; tell the request so
 * (`isContextTyped: false`).
 */
export function readContext(
  json: Json,
  options: { readonly schema: Schema | null; readonly action: EntityName; readonly strict?: boolean },
): CedarRecord {
  const { schema, action, strict = true } = options;
  const declared = schema?.actions.get(entityKey(action));
  if (schema !== null && declared === undefined) throw new PolicyFault(`the schema knows no action ${entityKey(action)}`);
  return readRecord(asObject(json, 'context'), declared?.context ?? OPEN_RECORD, 'context', {
    entity: (type, id) => new Entity(type, id),
    strict,
  });
}
