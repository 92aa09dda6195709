import { anyOf, every } from './predicate.ts';
import type { Predicate } from './predicate.ts';
import { reduce } from './reduce.ts';
import type { Known } from './reduce.ts';
import { outcomeOf } from './to-predicate.ts';
import type { Outcome } from './to-predicate.ts';
import { conjunctsOf } from '../compile/compile-plan.ts';
import type { Schema } from '../schema/schema.ts';
import type { Expression } from '../syntax/expression.ts';
import type { Policy } from '../syntax/policy.ts';
import type { Entity } from '../values/entity.ts';

/** Which resources a principal may do something with, before any of them is looked at. */
export type ResourceFilter = {
  /** For the query of a catalogue. When not exact it lets through all that are allowed and some that are not. */
  readonly predicate: Predicate;
  readonly isExact: boolean;
  /** The decision for one resource; what to ask of each result when the predicate is not exact. */
  matches(resource: Entity): boolean;
};

/** A predicate that would grow beyond this is given up for one that lets too much pass. */
const LEAVES_MAX = 2000;

/** Allowed is what some permitting policy allows and no forbidding one forbids; a policy with an error does neither. */
export function predicateOf(
  policies: readonly Policy[],
  schema: Schema,
  known: Known,
): { readonly predicate: Predicate; readonly isExact: boolean } {
  const outcomes = policies.map((policy) => ({ effect: policy.effect, outcome: outcomeOfPolicy(policy, schema, known) }));
  const permits = outcomes.filter(({ effect }) => effect === 'permit').map(({ outcome }) => outcome);
  const forbids = outcomes.filter(({ effect }) => effect === 'forbid').map(({ outcome }) => outcome);
  const predicate = every([anyOf(permits.map((each) => each.whenTrue)), ...forbids.map(unless)]);
  const isExact = [...permits, ...forbids].every((each) => each.isExact);
  if (leavesOf(predicate) <= LEAVES_MAX) return { predicate, isExact };
  return { predicate: { kind: 'all' }, isExact: false };
}

function outcomeOfPolicy(policy: Policy, schema: Schema, known: Known): Outcome {
  const [first = TRUE, ...others] = conjunctsOf(policy);
  const whole = others.reduce<Expression>((left, right) => ({ kind: 'and', left, right }), first);
  return outcomeOf(reduce(whole, known), { schema, resourceType: known.resourceType });
}

const TRUE: Expression = { kind: 'value', value: true };

/** Everything but where the condition is true; also where it has an error. What is not known exactly forbids nothing here. */
function unless({ whenTrue, isExact }: Outcome): Predicate {
  return isExact ? negated(whenTrue) : { kind: 'all' };
}

/** Leaves are never in error, so plain logic holds. */
function negated(predicate: Predicate): Predicate {
  switch (predicate.kind) {
    case 'all':
      return { kind: 'none' };
    case 'none':
      return { kind: 'all' };
    case 'and':
      return anyOf(predicate.of.map(negated));
    case 'or':
      return every(predicate.of.map(negated));
    case 'not':
      return predicate.of;
    case 'has':
    case 'equals':
    case 'oneOf':
    case 'less':
    case 'atMost':
    case 'more':
    case 'atLeast':
    case 'contains':
    case 'containsAll':
    case 'containsAny':
    case 'like':
    case 'in':
    default:
      return { kind: 'not', of: predicate };
  }
}

function leavesOf(predicate: Predicate): number {
  if (predicate.kind !== 'and' && predicate.kind !== 'or') return 1;
  return predicate.of.reduce((sum, each) => sum + leavesOf(each), 0);
}
