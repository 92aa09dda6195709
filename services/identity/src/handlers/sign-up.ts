import { accountByEmail } from '../claim-email.ts';
import { isCountry } from '../domain/countries.ts';
import { normalizeEmail } from '../domain/email-address.ts';
import { readLanguage } from '../domain/language-tag.ts';
import { LINK_LIFE_MS } from '../domain/link.ts';
import { readPassword } from '../domain/password-rules.ts';
import { NAME_CHARACTERS_MAX, readName } from '../domain/profile-name.ts';
import { hashOf } from '../domain/refresh-token.ts';
import { refused, type Refusal } from '../domain/refusal.ts';
import { take } from '../limits.ts';
import { HOUR_MS, makeLink } from '../one-time-link.ts';
import type { IdentityParts } from '../parts.ts';
import { sendMail } from '../send-mail.ts';

export type SignUp = { email: string; password: string; name: string; language: string; country: string; address: string };
/** `browserSecret` goes into a cookie: with it the link works without the password. */
export type MailSent = { readonly kind: 'mail_sent'; readonly browserSecret: string };

/** Answers alike, and takes as long, whether or not there is an account with the address: there is none until somebody follows the link in the mail. */
export async function signUp(parts: IdentityParts, request: SignUp): Promise<MailSent | Refusal> {
  const wanted = readSignUp(request);
  if (wanted.kind === 'refused') return wanted;
  const { email, password, name, language, country } = wanted;
  const { byEmail, byAddress } = parts.limits.mail;
  const ticket = take(
    [
      [byEmail, email],
      [byAddress, request.address],
    ],
    parts.nowMs(),
  );
  if (ticket.kind === 'refused') return ticket;
  const passwordHash = await parts.hashing.hash(password);
  const browserSecret = parts.random(32).toString('base64url');
  const known = await accountByEmail(parts, email);
  const link = await makeLink(parts, {
    purpose: 'sign_up',
    accountId: parts.newId(),
    email,
    passwordHash,
    name,
    language,
    country,
    browserHash: hashOf(browserSecret),
  });
  // The link is made in either case, and only mailed to who can use it.
  if (known === null) {
    const values = { link: link.url, hours: String(LINK_LIFE_MS.sign_up / HOUR_MS) };
    await sendMail(parts, { to: email, template: 'verify_email', language, values, key: `link:${link.hash}` });
  } else {
    const values = { link: `${parts.config.appUrl}/sign-in` };
    await sendMail(parts, { to: email, template: 'already_member', language: known.language, values, key: `known:${link.hash}` });
  }
  return { kind: 'mail_sent', browserSecret };
}

export type ReadSignUp = {
  readonly kind: 'read';
  readonly email: string;
  readonly password: string;
  readonly name: string;
  readonly language: string;
  readonly country: string;
};

/** What is asked of everybody who opens an account. */
export function readSignUp(request: Omit<SignUp, 'address'>): ReadSignUp | Refusal {
  const email = normalizeEmail(request.email);
  if (email === null) return refused('malformed', { field: 'email', message: 'This is no e-mail address.' });
  const password = readPassword(request.password, email);
  if (password === null) return refused('weak_password', { field: 'password' });
  const name = readName(request.name);
  if (name === null) return refused('malformed', { field: 'name', message: `A name has 1 to ${NAME_CHARACTERS_MAX} characters.` });
  const language = readLanguage(request.language);
  if (language === null) return refused('malformed', { field: 'language', message: 'The language is no BCP 47 tag.' });
  if (!isCountry(request.country)) return refused('malformed', { field: 'country', message: 'There is no such country code.' });
  return { kind: 'read', email, password, name, language, country: request.country };
}
