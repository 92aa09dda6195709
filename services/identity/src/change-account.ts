import { RpcError } from '@bioscope/rpc';

import { foldAccount, type AccountRecord } from './domain/account.ts';
import type { Decision } from './domain/decision.ts';
import { refused, type Refusal } from './domain/refusal.ts';
import type { AccountStore } from './store/accounts.ts';

/** A household's members at once make a few conflicts; more than this is a fault. */
const ATTEMPTS_MAX = 8;

/** `isRepeated`: the command had been done before; nothing was added now. */
export type Changed = { readonly kind: 'changed'; readonly account: AccountRecord; readonly isRepeated: boolean };

/**
 * Load, decide, append under the version decided on; once more when somebody else was faster. Durable when it resolves. Rejects with `aborted` after too
 * many conflicts.
 */
export async function changeAccount(
  { accounts }: { readonly accounts: AccountStore },
  change: { readonly accountId: string; readonly commandId: string },
  decide: (account: AccountRecord | null) => Decision,
): Promise<Changed | Refusal> {
  const { accountId, commandId } = change;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const account = await accounts.read(accountId);
    const decision = decide(account);
    if (decision.kind === 'refused') return decision;
    if (decision.events.length === 0) return account === null ? refused('signed_out') : { kind: 'changed', account, isRepeated: false };
    const appended = await accounts.append({ accountId, expectedVersion: account?.version ?? 0, events: decision.events, commandId });
    if (appended === 'conflict') continue;
    if (appended === 'repeated') {
      const now = await accounts.read(accountId);
      return now === null ? refused('signed_out') : { kind: 'changed', account: now, isRepeated: true };
    }
    let next = account;
    for (const event of decision.events) next = foldAccount(accountId, next, event);
    return next === null ? refused('signed_out') : { kind: 'changed', account: next, isRepeated: false };
  }
  throw new RpcError('aborted', `account ${accountId} was changed ${ATTEMPTS_MAX} times meanwhile; try again`);
}
