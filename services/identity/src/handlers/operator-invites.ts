import { refused, type Refusal } from '../domain/refusal.ts';
import type { Session } from '../domain/session.ts';
import { take } from '../limits.ts';
import { findLink, makeLink } from '../one-time-link.ts';
import { openAccount } from '../open-account.ts';
import type { IdentityParts } from '../parts.ts';
import { beginSession, type SignedIn } from '../running-sessions.ts';
import { readSignUp, type SignUp } from './sign-up.ts';

/** The account's id is fixed by the link, so that it makes one account, whoever follows it with whatever address. */
export async function createOperatorInvite(
  parts: IdentityParts,
  { onlyFirst }: { readonly onlyFirst: boolean },
): Promise<{ readonly link: string; readonly expiresAtMs: number }> {
  if (onlyFirst && (await parts.operators.any())) return { link: '', expiresAtMs: 0 };
  const { url, expiresAtMs } = await makeLink(parts, { purpose: 'invite', accountId: parts.newId() });
  return { link: url, expiresAtMs };
}

/** Signing up with an invite: the link proves more than a mail could, so the address is taken as given. */
export async function redeemInvite(
  parts: IdentityParts,
  request: SignUp & { link: string; device: Session['device'] },
): Promise<SignedIn | Refusal> {
  const ticket = take([[parts.limits.presentedByAddress, request.address]], parts.nowMs());
  if (ticket.kind === 'refused') return ticket;
  const found = await findLink(parts, request.link, ['invite']);
  if (found.kind === 'refused') return found;
  const { accountId } = found.link;
  if ((await parts.accounts.read(accountId)) !== null) return refused('link_invalid', { field: 'link' });
  const wanted = readSignUp(request);
  if (wanted.kind === 'refused') return wanted;
  const { email, password, name, language, country } = wanted;
  const passwordHash = await parts.hashing.hash(password);
  const { commandId } = found;
  const opened = await openAccount(parts, { accountId, commandId, email, passwordHash, name, language, country, isOperator: true });
  if (opened.kind === 'refused') return opened;
  await parts.operators.note(accountId);
  return await beginSession(parts, opened.account, request.device);
}
