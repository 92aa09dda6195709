import { schemaJson } from './schema-json.ts';
import { compilePolicies } from '../compile-policies.ts';
import { readEntities } from '../entities/entity-store.ts';
import type { EntityStore } from '../entities/entity-store.ts';
import { readEntityName } from '../entities/entity-name.ts';
import { readContext } from '../entities/read-context.ts';
import { asArray, asObject, asText, isObject, parseJson } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';
import { PolicyFault } from '../policy-fault.ts';
import type { PolicyError, PolicySet } from '../policy-set.ts';
import { parseEntity } from '../syntax/parse-policies.ts';
import type { Slot, TemplateLink } from '../syntax/policy.ts';
import type { EntityName } from '../values/entity.ts';

export type EvaluationTexts = {
  /** Cedar text, or a policy set in Cedar's JSON format. */
  readonly policies: string;
  readonly schema?: string;
  readonly entities: string;
  /** An array of requests, or an object that has them as `requests` (the form of cedar-integration-tests). */
  readonly requests: string;
  readonly ids?: 'position' | 'annotation';
};

/** `errors` has the ids only, as Cedar's own tests do; `messages` says what went wrong. `fault`: the request itself cannot be evaluated. */
export type Evaluated =
  | {
      readonly decision: 'allow' | 'deny';
      readonly reasons: readonly string[];
      readonly errors: readonly string[];
      readonly messages: readonly PolicyError[];
    }
  | { readonly fault: string };

/** Answers requests that come as files do: everything as text, in any of Cedar's formats. Throws `PolicyFault` for what no request could survive. */
export function evaluateTexts(texts: EvaluationTexts): readonly Evaluated[] {
  const schema = texts.schema === undefined ? null : schemaJson(texts.schema);
  const set = compilePolicies({ ...policySource(texts.policies), schema, ids: texts.ids ?? 'position' });
  const entities = readEntities(parseJson(texts.entities), set.schema);
  return requestsIn(parseJson(texts.requests)).map((request, index) => evaluated(request, `requests[${index}]`, { set, entities }));
}

function policySource(text: string): {
  readonly policies: string | Readonly<Record<string, Json>>;
  readonly links?: readonly TemplateLink[];
} {
  if (!text.trimStart().startsWith('{')) return { policies: text };
  const json = asObject(parseJson(text), 'policies');
  const { staticPolicies = {}, templates = {}, templateLinks = [] } = json;
  const policies = { ...asObject(staticPolicies, 'staticPolicies'), ...asObject(templates, 'templates') };
  return { policies, links: asArray(templateLinks, 'templateLinks').map((link) => templateLink(asObject(link, 'templateLinks'))) };
}

function templateLink({ templateId, newId, values }: JsonObject): TemplateLink {
  const filled = Object.entries(asObject(values, 'templateLinks.values')).map(([slot, value]): [Slot, EntityName] => {
    if (slot !== '?principal' && slot !== '?resource') throw new PolicyFault(`templateLinks: there is no slot ${slot}`);
    return [slot, readEntityName(value, `templateLinks.values.${slot}`)];
  });
  return {
    templateId: asText(templateId, 'templateLinks.templateId'),
    newId: asText(newId, 'templateLinks.newId'),
    values: Object.fromEntries(filled),
  };
}

function requestsIn(json: Json): readonly Json[] {
  return asArray(isObject(json) ? (json['requests'] ?? json['queries']) : json, 'requests');
}

function evaluated(json: Json, where: string, { set, entities }: { readonly set: PolicySet; readonly entities: EntityStore }): Evaluated {
  try {
    const request = asObject(json, where);
    const [principal, action, resource] = (['principal', 'action', 'resource'] as const).map((name) => nameIn(request, name, where));
    if (principal === undefined || action === undefined || resource === undefined) throw new PolicyFault(`${where} is incomplete`);
    const isValidated = request['validateRequest'] !== false;
    if (isValidated) checkTypes(set, { principal, action, resource });
    const context = readContext(request['context'] ?? {}, { schema: set.schema, action, strict: isValidated });
    const { decision, reasons, errors } = set.explain({ principal, action, resource, context, isContextTyped: isValidated, entities });
    return { decision, reasons, errors: errors.map(({ policy }) => policy), messages: errors };
  } catch (error) {
    if (error instanceof PolicyFault) return { fault: error.message };
    throw error;
  }
}

/** `{type, id}`, or as policies write it: `Member::"ada"`. */
function nameIn(request: JsonObject, name: string, where: string): EntityName {
  const json = request[name];
  return typeof json === 'string' ? parseEntity(json) : readEntityName(json, `${where}.${name}`);
}

function checkTypes(
  { schema }: PolicySet,
  { principal, action, resource }: { readonly principal: EntityName; readonly action: EntityName; readonly resource: EntityName },
): void {
  if (schema === null) return;
  const declared = [...schema.actions.values()].find(({ type, id }) => type === action.type && id === action.id);
  if (declared === undefined) throw new PolicyFault(`the schema knows no action ${action.type}::${JSON.stringify(action.id)}`);
  if (!declared.principalTypes.includes(principal.type)) throw new PolicyFault(`the schema lets no ${principal.type} do ${action.id}`);
  if (!declared.resourceTypes.includes(resource.type))
    throw new PolicyFault(`the schema lets nobody do ${action.id} to a ${resource.type}`);
}
