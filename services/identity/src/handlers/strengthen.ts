import { refused, type Refusal } from '../domain/refusal.ts';
import type { IdentityParts } from '../parts.ts';
import { proveByHash } from '../prove.ts';
import { signedIn, whoIsSignedIn, type SignedIn } from '../running-sessions.ts';

/**
 * An access token of stronger assurance, for settings and money: `account_pin` by the account's PIN, `credential` by the password. It lasts as long as an
 * access token does; the session stays as it is, and the next refresh gives an ordinary one.
 */
export async function strengthen(
  parts: IdentityParts,
  request: { refreshToken: string; pin: string; password: string },
): Promise<SignedIn | Refusal> {
  const who = await whoIsSignedIn(parts, request.refreshToken);
  if (who.kind === 'refused') return who;
  const { account, session } = who;
  const isByPin = request.pin !== '';
  const hash = isByPin ? account.accountPinHash : account.passwordHash;
  if (hash === null) return refused('no_account_pin', { field: 'pin' });
  const refusal = await proveByHash(parts, {
    accountId: account.id,
    text: isByPin ? request.pin : request.password,
    hash,
    otherwise: isByPin ? 'pin_wrong' : 'wrong_password',
  });
  return refusal ?? signedIn(parts, { account, session, assurance: isByPin ? 'account_pin' : 'credential', refreshToken: null });
}
