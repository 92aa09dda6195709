import { changeAccount } from '../change-account.ts';
import { decideRaiseEpoch } from '../domain/credentials.ts';
import { readRefreshToken } from '../domain/refresh-token.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { IdentityParts } from '../parts.ts';
import { revokeEpoch } from '../revoke-epoch.ts';
import { endSession, whoIsSignedIn } from '../running-sessions.ts';

export type SignedOut = { readonly kind: 'signed_out' };

/** Signing out twice is the same as once, also with a token that is not good any more: then there is nothing to end. */
export async function signOut(parts: IdentityParts, refreshToken: string): Promise<SignedOut> {
  const who = await whoIsSignedIn(parts, refreshToken);
  if (who.kind === 'known') await endSession(parts, who.session.id);
  // An answer that was lost: the session ended, its end was perhaps not announced yet.
  else await announceAgain(parts, refreshToken);
  return { kind: 'signed_out' };
}

/** Raises the account's epoch: all its sessions, this one too, and all its access tokens are void. */
export async function signOutEverywhere(parts: IdentityParts, refreshToken: string): Promise<SignedOut | Refusal> {
  const who = await whoIsSignedIn(parts, refreshToken);
  if (who.kind === 'refused') return who;
  // By the session: a second try with its token, should the answer be lost, is refused, as it is signed out.
  const commandId = `sign out everywhere ${who.session.id}`;
  const changed = await changeAccount(parts, { accountId: who.account.id, commandId }, (account) =>
    decideRaiseEpoch(account, parts.nowMs()),
  );
  if (changed.kind === 'refused') return changed;
  await revokeEpoch(parts, changed.account);
  return { kind: 'signed_out' };
}

async function announceAgain(parts: IdentityParts, refreshToken: string): Promise<void> {
  const token = readRefreshToken(refreshToken);
  const session = token === null ? null : await parts.sessions.read(token.sessionId);
  if (session !== null && session.endedAtMs > 0) await endSession(parts, session.id);
}
