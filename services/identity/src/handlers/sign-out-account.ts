import { RpcError } from '@bioscope/rpc';

import type { SignOutAccountRequest } from '../../contract/index.ts';
import { changeAccount, type Changed } from '../change-account.ts';
import { decideRaiseEpoch } from '../domain/credentials.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { IdentityParts } from '../parts.ts';
import { revokeEpoch } from '../revoke-epoch.ts';
import { readAccount } from './read.ts';

/** What an operator does for a member who cannot: all sessions of the account end, and all its access tokens are void. */
export async function signOutAccount(parts: IdentityParts, { accountId, commandId }: SignOutAccountRequest): Promise<Changed | Refusal> {
  if (!/^[A-Za-z0-9_-]{8,64}$/.test(commandId)) throw new RpcError('invalid_argument', 'command_id wants 8 to 64 of A-Z a-z 0-9 _ -');
  await readAccount(parts, accountId);
  const change = { accountId, commandId: `operator signs out ${commandId}` };
  const changed = await changeAccount(parts, change, (account) => decideRaiseEpoch(account, parts.nowMs()));
  // Also for a command that is repeated: its first try may have died before anybody was told.
  if (changed.kind === 'changed') await revokeEpoch(parts, changed.account);
  return changed;
}
