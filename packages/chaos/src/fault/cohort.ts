import { scopeOf } from '@bioscope/rpc';
import type { CohortShare } from './rule.ts';

/** The two halves of an experiment, of equal size: who meets the fault, and who is as they are but does not. */
export type Split = { readonly experiment: CohortShare; readonly control: CohortShare };

/** `share` of all accounts for each group, at most a half. The salt makes every experiment's groups its own. */
export function splitOf(salt: string, share: number): Split {
  return { experiment: { salt, from: 0, to: share }, control: { salt, from: share, to: 2 * share } };
}

/** The same answer for the same account in every process and in the viewers; undefined for the rest of the people. */
export function cohortOf(accountId: string, split: Split): 'control' | 'experiment' | undefined {
  const scope = scopeOf(accountId);
  if (isInShare(scope, split.experiment)) return 'experiment';
  return isInShare(scope, split.control) ? 'control' : undefined;
}

/** Whether a request of this scope (the value of the scope header) belongs to the share. */
export function isInShare(scope: string | undefined, { salt, from, to }: CohortShare): boolean {
  if (scope === undefined || scope === '') return false;
  const place = hash(`${salt} ${scope}`) / 2 ** 32;
  return place >= from && place < to;
}

/** FNV-1a with the last steps of MurmurHash3, which spread what FNV leaves in the low bits. Cheap: it is asked for every call while a cohort has a fault. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) state = Math.imul(state ^ text.charCodeAt(i), 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
