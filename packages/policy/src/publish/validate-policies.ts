import { validate } from '@cedar-policy/cedar-wasm/nodejs';
import type { Schema as CedarSchema, ValidationError } from '@cedar-policy/cedar-wasm/nodejs';
import { faultText } from './faults-text.ts';
import { PolicyFault, positionOf } from '../policy-fault.ts';
import type { TextPosition } from '../policy-fault.ts';
import { parsePolicies } from '../syntax/parse-policies.ts';
import { slotsOf } from '../syntax/policy.ts';
import type { Policy } from '../syntax/policy.ts';

export type Validation =
  | { readonly kind: 'valid'; readonly warnings: readonly Finding[] }
  | { readonly kind: 'invalid'; readonly errors: readonly Finding[]; readonly warnings: readonly Finding[] };

/** `policy` is null for what concerns the schema or the text as a whole; `at` is where Cedar sees the mistake. */
export type Finding = { readonly policy: string | null; readonly message: string; readonly at: TextPosition | null };

/**
 * Cedar's own strict validator. A policy that passes can fail at run time only by overflow, by text that is no decimal, address or time, or
 * because an entity is missing. Publish nothing else: a forbidding policy that fails forbids nothing. Slow: for publishing, never for requests.
 */
export function validatePolicies({ policies: text, schema }: { readonly policies: string; readonly schema: string | object }): Validation {
  const parsed = readOrFault(text);
  if (parsed instanceof PolicyFault)
    return { kind: 'invalid', errors: [{ policy: null, message: parsed.message, at: parsed.at }], warnings: [] };
  const answer = validate({
    schema: schema as CedarSchema,
    policies: {
      staticPolicies: textById(
        text,
        parsed.filter((policy) => slotsOf(policy).length === 0),
      ),
      templates: textById(
        text,
        parsed.filter((policy) => slotsOf(policy).length > 0),
      ),
    },
  });
  if (answer.type === 'failure')
    return { kind: 'invalid', errors: answer.errors.map((error) => ({ policy: null, message: faultText(error), at: null })), warnings: [] };
  const finding = ({ policyId, error }: ValidationError): Finding => {
    const policy = parsed.find(({ id }) => id === policyId);
    return { policy: policyId, message: faultText(error), at: placeOf(text, policy, error.sourceLocations?.[0]?.start) };
  };
  const warnings = answer.validationWarnings.map(finding);
  const errors = answer.validationErrors.map(finding);
  return errors.length === 0 ? { kind: 'valid', warnings } : { kind: 'invalid', errors, warnings };
}

function readOrFault(text: string): readonly Policy[] | PolicyFault {
  try {
    return parsePolicies(text);
  } catch (error) {
    if (error instanceof PolicyFault) return error;
    throw error;
  }
}

function textById(text: string, policies: readonly Policy[]): Record<string, string> {
  return Object.fromEntries(policies.map(({ id, range }) => [id, text.slice(range?.start, range?.end)]));
}

/** Cedar counts bytes from the beginning of the policy. */
function placeOf(text: string, policy: Policy | undefined, startByte: number | undefined): TextPosition | null {
  const range = policy?.range;
  if (range === undefined || startByte === undefined) return null;
  const before = Buffer.from(text.slice(range.start, range.end)).subarray(0, startByte).toString();
  return positionOf(text, range.start + before.length);
}
