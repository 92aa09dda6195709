import type { BillingEvent } from '../contract/index.ts';
import { foldAccount } from './domain/account.ts';
import type { BillingStore, WrittenAccount } from './store.ts';

/** A member, a retry and a hint of the processor at once make two conflicts; more than this is a fault. */
const ATTEMPTS_MAX = 10;

/**
 * Load, decide, append under the version decided on; once more when somebody else was faster. Answers the account as it is then. A command id that
 * wrote events before, and a decision without events, write nothing.
 */
export async function changeAccount(
  store: BillingStore,
  { accountId, commandId }: { readonly accountId: string; readonly commandId: string },
  decide: (written: WrittenAccount) => readonly BillingEvent[],
): Promise<WrittenAccount & { readonly isOurs: boolean }> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const written = await store.read(accountId);
    const events = written.commandIds.has(commandId) ? [] : decide(written);
    if (events.length === 0) return { ...written, isOurs: false };
    if ((await store.append({ accountId, expectedVersion: written.version, events, commandId })) === 'conflict') continue;
    const account = events.reduce(foldAccount, written.account);
    return { accountId, account, version: written.version + events.length, commandIds: written.commandIds, isOurs: true };
  }
  throw new Error(`account ${accountId} was changed ${ATTEMPTS_MAX} times meanwhile`);
}
