import type { Passport } from '@bioscope/passport';

import type { ChangeEmailRequest } from '../../contract/index.ts';
import type { Changed } from '../change-account.ts';
import { accountByEmail } from '../claim-email.ts';
import { normalizeEmail } from '../domain/email-address.ts';
import { LINK_LIFE_MS } from '../domain/link.ts';
import { refused, type Refusal } from '../domain/refusal.ts';
import { take } from '../limits.ts';
import { HOUR_MS, makeLink } from '../one-time-link.ts';
import type { IdentityParts } from '../parts.ts';
import { sendMail } from '../send-mail.ts';
import { refusalOfPassword } from './members.ts';

/** Mails a link to the new address; nothing changes until it was followed. */
export async function requestEmailChange(parts: IdentityParts, request: ChangeEmailRequest, asker: Passport): Promise<Changed | Refusal> {
  const email = normalizeEmail(request.newEmail);
  if (email === null) return refused('malformed', { field: 'new_email', message: 'This is no e-mail address.' });
  const account = await parts.accounts.read(asker.accountId);
  if (account === null) return refused('signed_out');
  const refusal = await refusalOfPassword(parts, account, request.password);
  if (refusal !== null) return refusal;
  const ticket = take([[parts.limits.mail.byEmail, email]], parts.nowMs());
  if (ticket.kind === 'refused') return ticket;
  const known = await accountByEmail(parts, email);
  const link = await makeLink(parts, { purpose: 'email', accountId: account.id, epoch: account.epoch, email });
  if (known === null) {
    const values = { link: link.url, hours: String(LINK_LIFE_MS.email / HOUR_MS) };
    await sendMail(parts, { to: email, template: 'confirm_email', language: account.language, values, key: `link:${link.hash}` });
  } else {
    const values = { link: `${parts.config.appUrl}/sign-in` };
    await sendMail(parts, { to: email, template: 'already_member', language: known.language, values, key: `known:${link.hash}` });
  }
  return { kind: 'changed', account, isRepeated: false };
}
