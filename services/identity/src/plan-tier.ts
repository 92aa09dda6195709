import { MembershipService } from '@bioscope/membership/contract';
import type { Client } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

/** Nobody waits long for a word that is only shown. */
const DEADLINE_MS = 300;

/** The plan that an account has now, for its access tokens; empty when it has none or membership does not answer: who decides asks membership itself. */
export function planTiers({
  membership,
  log,
}: {
  membership: Client<typeof MembershipService>;
  log: Logger;
}): (accountId: string) => Promise<string> {
  return async (accountId) => {
    try {
      return (await membership.getEntitlement({ accountId }, { deadlineMs: DEADLINE_MS, idempotent: true })).planTier;
    } catch (fault) {
      log.debug({ err: fault }, 'membership does not tell the plan: a token goes without');
      return '';
    }
  };
}
