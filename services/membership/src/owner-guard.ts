import { Action, type AccessService, type Refused } from '@bioscope/access/contract';
import type { Client, RequestContext } from '@bioscope/rpc';

/** What stands against changing the account that calls; null: nothing does. Rejects when access does not answer. */
export type OwnerGuard = (call: RequestContext) => Promise<Pick<Refused, 'because' | 'lifts'> | null>;

/** Access answers from what it keeps. */
const DEADLINE_MS = 1_500;

export function ownerGuard(access: Client<typeof AccessService>): OwnerGuard {
  return async (call) => {
    const { outcome } = await access.decide({ action: Action.MANAGE_ACCOUNT }, { within: call, deadlineMs: DEADLINE_MS, idempotent: true });
    return outcome.case === 'refused' ? outcome.value : null;
  };
}
