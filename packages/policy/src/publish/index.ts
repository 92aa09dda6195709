export { schemaJson } from './schema-json.ts';
export { validatePolicies } from './validate-policies.ts';
export type { Finding, Validation } from './validate-policies.ts';
