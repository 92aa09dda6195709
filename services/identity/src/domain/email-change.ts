import type { AccountRecord } from './account.ts';
import { events, NOTHING, type Decision } from './decision.ts';
import { refused } from './refusal.ts';

// Changing an address takes three steps, each of which may be the last before a kill: saying so, claiming the address, having it.

/** An account holds on to the address it has and to the one it is about to have; a claim of any other may be taken over. */
export function wantsEmail(account: AccountRecord, email: string): boolean {
  return account.email === email || account.claimingEmail === email;
}

export function decideClaimEmail(account: AccountRecord | null, change: { readonly email: string; readonly epoch: number }): Decision {
  if (account === null || account.epoch !== change.epoch) return refused('link_invalid');
  return wantsEmail(account, change.email) ? NOTHING : events({ type: 'email.claiming', email: change.email });
}

export function decideUnclaimEmail(account: AccountRecord | null, email: string): Decision {
  return account?.claimingEmail === email ? events({ type: 'email.unclaimed', email }) : NOTHING;
}

export function decideChangeEmail(
  account: AccountRecord | null,
  change: { readonly email: string; readonly epoch: number; readonly atMs: number },
): Decision {
  if (account === null || account.epoch !== change.epoch || account.claimingEmail !== change.email) return refused('link_invalid');
  return events({ type: 'email.changed', email: change.email, atMs: change.atMs });
}
