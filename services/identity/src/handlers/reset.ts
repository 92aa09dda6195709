import { changeAccount } from '../change-account.ts';
import { accountByEmail } from '../claim-email.ts';
import { decideResetPassword } from '../domain/credentials.ts';
import { normalizeEmail } from '../domain/email-address.ts';
import { readLanguage } from '../domain/language-tag.ts';
import { LINK_LIFE_MS } from '../domain/link.ts';
import { readPassword } from '../domain/password-rules.ts';
import { refused, type Refusal } from '../domain/refusal.ts';
import type { Session } from '../domain/session.ts';
import { take } from '../limits.ts';
import { findLink, makeLink } from '../one-time-link.ts';
import type { IdentityParts } from '../parts.ts';
import { revokeEpoch } from '../revoke-epoch.ts';
import { beginSession, type SignedIn } from '../running-sessions.ts';
import { sendMail, tellByMail } from '../send-mail.ts';

export type ResetRequest = { email: string; language: string; address: string };
export type Reset = { link: string; password: string; device: Session['device']; address: string };

const MINUTE_MS = 60_000;

/** Answers alike whether or not there is an account: each address gets a message, one of them saying that it has none. */
export async function requestReset(parts: IdentityParts, request: ResetRequest): Promise<{ readonly kind: 'mail_sent' } | Refusal> {
  const email = normalizeEmail(request.email);
  if (email === null) return refused('malformed', { field: 'email', message: 'This is no e-mail address.' });
  const language = readLanguage(request.language);
  if (language === null) return refused('malformed', { field: 'language', message: 'The language is no BCP 47 tag.' });
  const { byEmail, byAddress } = parts.limits.mail;
  const ticket = take(
    [
      [byEmail, email],
      [byAddress, request.address],
    ],
    parts.nowMs(),
  );
  if (ticket.kind === 'refused') return ticket;
  const account = await accountByEmail(parts, email);
  // For nobody a link that leads nowhere, so that the answer takes as long.
  const link = await makeLink(parts, { purpose: 'reset', accountId: account?.id ?? 'nobody', epoch: account?.epoch ?? 0 });
  if (account !== null) {
    const values = { link: link.url, minutes: String(LINK_LIFE_MS.reset / MINUTE_MS) };
    await sendMail(parts, { to: email, template: 'reset_password', language: account.language, values, key: `link:${link.hash}` });
  } else {
    const values = { link: `${parts.config.appUrl}/sign-up` };
    await sendMail(parts, { to: email, template: 'no_account', language, values, key: `nobody:${link.hash}` });
  }
  return { kind: 'mail_sent' };
}

/** Sets the password, ends all sessions, and begins one here. */
export async function resetPassword(parts: IdentityParts, request: Reset): Promise<SignedIn | Refusal> {
  const ticket = take([[parts.limits.presentedByAddress, request.address]], parts.nowMs());
  if (ticket.kind === 'refused') return ticket;
  const found = await findLink(parts, request.link, ['reset']);
  if (found.kind === 'refused') return found;
  const { link, commandId } = found;
  const account = await parts.accounts.read(link.accountId);
  if (account === null || account.epoch !== link.epoch) return refused('link_invalid', { field: 'link' });
  const password = readPassword(request.password, account.email);
  if (password === null) return refused('weak_password', { field: 'password' });
  const hash = await parts.hashing.hash(password);
  const changed = await changeAccount(parts, { accountId: account.id, commandId }, (known) =>
    decideResetPassword(known, { epoch: link.epoch, hash, atMs: parts.nowMs() }),
  );
  if (changed.kind === 'refused') return changed;
  if (changed.isRepeated) return refused('link_invalid', { field: 'link' });
  await revokeEpoch(parts, changed.account);
  await tellByMail(parts, {
    to: account.email,
    template: 'password_changed',
    language: account.language,
    values: {},
    key: `password:${account.id}:${changed.account.epoch}`,
  });
  return await beginSession(parts, changed.account, request.device);
}
