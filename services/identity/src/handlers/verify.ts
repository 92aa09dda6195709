import { changeAccount } from '../change-account.ts';
import { claimForExisting } from '../claim-email.ts';
import type { AccountRecord } from '../domain/account.ts';
import { decideChangeEmail, decideClaimEmail, decideUnclaimEmail } from '../domain/email-change.ts';
import type { LinkFor } from '../domain/link.ts';
import { typedPassword } from '../domain/password-rules.ts';
import { isHashOf } from '../domain/refresh-token.ts';
import { refused, type Refusal } from '../domain/refusal.ts';
import type { Session } from '../domain/session.ts';
import { take } from '../limits.ts';
import { findLink } from '../one-time-link.ts';
import { openAccount } from '../open-account.ts';
import type { IdentityParts } from '../parts.ts';
import { beginSession, type SignedIn } from '../running-sessions.ts';
import { tellByMail } from '../send-mail.ts';

export type Verify = {
  link: string;
  /** Of the cookie of the browser that signed up; empty elsewhere. */
  browserSecret: string;
  password: string;
  device: Session['device'];
  address: string;
};
export type EmailChanged = { readonly kind: 'email_changed'; readonly email: string };

/** Follows the link of a verifying message: makes the account and signs in, or gives an account its new address. */
export async function verify(parts: IdentityParts, request: Verify): Promise<SignedIn | EmailChanged | Refusal> {
  const ticket = take([[parts.limits.presentedByAddress, request.address]], parts.nowMs());
  if (ticket.kind === 'refused') return ticket;
  const found = await findLink(parts, request.link, ['sign_up', 'email']);
  if (found.kind === 'refused') return found;
  const { link, commandId } = found;
  return link.purpose === 'sign_up'
    ? await finishSignUp(parts, { ...request, link, commandId })
    : await changeEmail(parts, { link, commandId });
}

async function finishSignUp(
  parts: IdentityParts,
  request: Omit<Verify, 'link'> & { link: LinkFor<'sign_up'>; commandId: string },
): Promise<SignedIn | Refusal> {
  const { link, commandId } = request;
  if (request.browserSecret === '' || !isHashOf(link.browserHash, request.browserSecret)) {
    if (request.password === '') return refused('password_needed', { field: 'password' });
    const { byBoth } = parts.limits.signIn;
    const ticket = take([[byBoth, `${link.email} ${request.address}`]], parts.nowMs());
    if (ticket.kind === 'refused') return ticket;
    if (!(await parts.hashing.verify(typedPassword(request.password), link.passwordHash)))
      return refused('wrong_password', { field: 'password' });
    ticket.giveBack();
  }
  const { email, passwordHash, name, language, country, accountId } = link;
  const opened = await openAccount(parts, { accountId, commandId, email, passwordHash, name, language, country, isOperator: false });
  // Whoever reads the mail may know that there is an account; most likely they followed the link twice.
  if (opened.kind === 'refused') return opened.because === 'email_taken' ? refused('link_invalid', { field: 'link' }) : opened;
  return await beginSession(parts, opened.account, request.device);
}

/** May be broken off after each step: following the link again goes on, and a claim that came to nothing may be taken over. */
async function changeEmail(
  parts: IdentityParts,
  { link, commandId }: { link: LinkFor<'email'>; commandId: string },
): Promise<EmailChanged | Refusal> {
  const { accountId, email, epoch } = link;
  const before: AccountRecord | null = await parts.accounts.read(accountId);
  const claiming = await changeAccount(parts, { accountId, commandId: `claiming ${commandId}` }, (account) =>
    decideClaimEmail(account, { email, epoch }),
  );
  if (claiming.kind === 'refused') return claiming;
  const claimed = await claimForExisting(parts, email, accountId);
  if (claimed.kind === 'taken') {
    await changeAccount(parts, { accountId, commandId: `unclaiming ${commandId}` }, (account) => decideUnclaimEmail(account, email));
    return refused('email_taken', { field: 'link' });
  }
  const changed = await changeAccount(parts, { accountId, commandId }, (account) =>
    decideChangeEmail(account, { email, epoch, atMs: parts.nowMs() }),
  );
  if (changed.kind === 'refused') return changed;
  if (changed.isRepeated) return refused('link_invalid', { field: 'link' });
  if (before !== null && before.email !== email)
    await tellByMail(parts, {
      to: before.email,
      template: 'email_changed',
      language: before.language,
      values: { email },
      key: `changed:${commandId.replace(' ', ':')}`,
    });
  return { kind: 'email_changed', email };
}
