import type { AccountEvent, AccountRecord } from './account.ts';
import { refused, type Refusal } from './refusal.ts';

/** What a command comes to: events to append (none: it is already so), or the reason why not. */
export type Decision = { readonly kind: 'events'; readonly events: readonly AccountEvent[] } | Refusal;

export const NOTHING: Decision = { kind: 'events', events: [] };

export function events(...list: readonly AccountEvent[]): Decision {
  return { kind: 'events', events: list };
}

/** A session's account is always there; one that is not has been signed out of. */
export function onAccount(account: AccountRecord | null, decide: (account: AccountRecord) => Decision): Decision {
  return account === null ? refused('signed_out') : decide(account);
}
