import { compilePolicies, PolicyFault, type TextPosition } from '@bioscope/policy';
import { validatePolicies } from '@bioscope/policy/publish';

import { LIFTS, REFUSALS, type Lift } from '../contract/index.ts';
import type { Reason } from './domain/verdict.ts';

/** A file of policies as far as it can be read; with problems, nothing of it is used. */
export type ReadPolicyFile = {
  readonly policyIds: readonly string[];
  /** Of the forbidding policies, by id. */
  readonly reasons: ReadonlyMap<string, Reason>;
  /** Each with file and, where it is known, line. */
  readonly problems: readonly string[];
};

/** Checks one file alone, so that a mistake is said with its place in that file. */
export function readPolicyFile({
  name,
  text,
  schema,
}: {
  readonly name: string;
  readonly text: string;
  readonly schema: string;
}): ReadPolicyFile {
  const says = (message: string, at: TextPosition | null = null): string =>
    `${name}${at === null ? '' : `:${at.line}:${at.column}`}: ${message}`;
  try {
    const set = compilePolicies({ policies: text, ids: 'annotation' });
    const validation = validatePolicies({ policies: text, schema });
    const problems = validation.kind === 'invalid' ? validation.errors.map(({ message, at }) => says(message, at)) : [];
    const reasons = new Map<string, Reason>();
    for (const { id, effect, annotations } of set.policies) {
      if (annotations['id'] === undefined) problems.push(says(`${id} has no @id`));
      if (effect === 'permit') continue;
      const reason = reasonIn(annotations);
      if (reason.kind === 'wrong') problems.push(says(`${id} ${reason.because}`));
      else reasons.set(id, { because: reason.because, lifts: reason.lifts });
    }
    return { policyIds: set.policies.map(({ id }) => id), reasons, problems };
  } catch (fault) {
    if (!(fault instanceof PolicyFault)) throw fault;
    return { policyIds: [], reasons: new Map(), problems: [says(fault.message)] };
  }
}

/** Reads `@reason("stream_limit")` and `@lifts("stop_another_stream choose_higher_plan")`, which may be absent. */
function reasonIn(
  annotations: Readonly<Record<string, string>>,
): ({ readonly kind: 'reason' } & Reason) | { readonly kind: 'wrong'; readonly because: string } {
  const because = REFUSALS.find((known) => known === annotations['reason']);
  if (because === undefined) return { kind: 'wrong', because: `must say why by @reason, with one of ${REFUSALS.join(', ')}` };
  const lifts: Lift[] = [];
  for (const word of (annotations['lifts'] ?? '').split(' ').filter((part) => part !== '')) {
    const lift = LIFTS.find((known) => known === word);
    if (lift === undefined) return { kind: 'wrong', because: `lifts by ${JSON.stringify(word)}; one of ${LIFTS.join(', ')} is wanted` };
    lifts.push(lift);
  }
  return { kind: 'reason', because, lifts };
}
