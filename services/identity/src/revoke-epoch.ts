import type { AccountRecord } from './domain/account.ts';
import type { IdentityParts } from './parts.ts';

/** Tells gateways at once that the account's older access tokens are void. Following the account's events does it too, should this process die here. */
export async function revokeEpoch(
  { announcements, nowMs }: Pick<IdentityParts, 'announcements' | 'nowMs'>,
  account: AccountRecord,
): Promise<void> {
  await announcements.revoke({ type: 'epoch.raised', accountId: account.id, epoch: account.epoch, atMs: nowMs() });
}
