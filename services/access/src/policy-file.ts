import { compilePolicies, PolicyFault } from '@bioscope/policy';

import { LIFTS, REFUSALS, type Lift } from '../contract/index.ts';
import type { Reason } from './domain/verdict.ts';

/** A file of policies as far as it can be read; with problems, nothing of it is used. */
export type ReadPolicyFile = {
  readonly policyIds: readonly string[];
  /** Of the forbidding policies, by id. */
  readonly reasons: ReadonlyMap<string, Reason>;
  /** False: it is no Cedar. */
  readonly isReadable: boolean;
  /** Each with the file's name. */
  readonly problems: readonly string[];
};

/** Reads one file alone, so that a mistake is said with its place in that file. Whether it fits the schema is not looked at. */
export function readPolicyFile({ name, text }: { readonly name: string; readonly text: string }): ReadPolicyFile {
  try {
    const problems: string[] = [];
    const reasons = new Map<string, Reason>();
    const { policies } = compilePolicies({ policies: text, ids: 'annotation' });
    for (const { id, effect, annotations } of policies) {
      if (annotations['id'] === undefined) problems.push(`${name}: ${id} has no @id`);
      if (effect === 'permit') continue;
      const reason = reasonIn(annotations);
      if (reason.kind === 'wrong') problems.push(`${name}: ${id} ${reason.because}`);
      else reasons.set(id, { because: reason.because, lifts: reason.lifts });
    }
    return { policyIds: policies.map(({ id }) => id), reasons, isReadable: true, problems };
  } catch (fault) {
    if (!(fault instanceof PolicyFault)) throw fault;
    return { policyIds: [], reasons: new Map(), isReadable: false, problems: [`${name}: ${fault.message}`] };
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
