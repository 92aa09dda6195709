export { schemaJson } from './schema-json.ts';
export { validatePolicies } from './validate-policies.ts';
export type { Finding, Validation } from './validate-policies.ts';
export { evaluateTexts } from './evaluate-texts.ts';
export type { Evaluated, EvaluationTexts } from './evaluate-texts.ts';
export { conformanceTest } from './conformance-test.ts';
export type { ConformanceOutcome } from './conformance-test.ts';
