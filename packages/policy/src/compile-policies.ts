import type { Json } from './json.ts';
import { PolicyFault } from './policy-fault.ts';
import { PolicySet } from './policy-set.ts';
import { readSchema } from './schema/read-schema.ts';
import type { Schema } from './schema/schema.ts';
import { linkTemplate } from './syntax/link-template.ts';
import { parsePolicies } from './syntax/parse-policies.ts';
import { policyFromJson } from './syntax/policy-from-json.ts';
import { slotsOf } from './syntax/policy.ts';
import type { Policy, TemplateLink } from './syntax/policy.ts';

export type PolicySource = {
  /** Text of any number of policies and templates; or one policy each by its id, as text or in Cedar's JSON format. */
  readonly policies: string | Readonly<Record<string, Json>>;
  /** In Cedar's JSON format (`schemaJson` of `@bioscope/policy/publish` turns text into it), or read already. */
  readonly schema?: Json | Schema;
  readonly links?: readonly TemplateLink[];
  /** Of policies in one text: `position` (policy0, policy1 …) as Cedar has it, or `@id("…")` where given. */
  readonly ids?: 'position' | 'annotation';
};

/**
 * Makes policies ready to decide. Throws `PolicyFault` with the place of the mistake. It does not prove that the policies fit the schema:
 * `validatePolicies` of `@bioscope/policy/publish` does, before they are published.
 */
export function compilePolicies(source: PolicySource): PolicySet {
  const all = typeof source.policies === 'string' ? fromText(source.policies, source.ids ?? 'position') : fromRecord(source.policies);
  const templates = all.filter((policy) => slotsOf(policy).length > 0);
  const linked = (source.links ?? []).map((link) => linkTemplate(templates, link));
  const policies = [...all.filter((policy) => slotsOf(policy).length === 0), ...linked];
  const ids = new Set<string>();
  for (const { id } of policies) {
    if (ids.has(id)) throw new PolicyFault(`two policies have the id ${id}`);
    ids.add(id);
  }
  return new PolicySet(policies, schemaOf(source.schema));
}

function fromText(text: string, ids: 'position' | 'annotation'): readonly Policy[] {
  const policies = parsePolicies(text);
  return ids === 'position' ? policies : policies.map((policy) => ({ ...policy, id: policy.annotations['id'] ?? policy.id }));
}

function fromRecord(sources: Readonly<Record<string, Json>>): readonly Policy[] {
  return Object.entries(sources).map(([id, source]) => {
    if (typeof source !== 'string') return policyFromJson(id, source);
    const [policy, ...others] = parsePolicies(source);
    if (policy === undefined || others.length > 0)
      throw new PolicyFault(`${id}: one policy is wanted, there are ${policy === undefined ? 0 : others.length + 1}`);
    return { ...policy, id };
  });
}

function schemaOf(schema: Json | Schema | undefined): Schema | null {
  if (schema === undefined || schema === null) return null;
  return isSchema(schema) ? schema : readSchema(schema);
}

function isSchema(schema: Json | Schema): schema is Schema {
  return typeof schema === 'object' && schema !== null && 'entityTypes' in schema && schema.entityTypes instanceof Map;
}
