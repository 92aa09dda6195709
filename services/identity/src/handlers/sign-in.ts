import { accountByEmail } from '../claim-email.ts';
import { normalizeEmail } from '../domain/email-address.ts';
import { typedPassword } from '../domain/password-rules.ts';
import { refused, type Refusal } from '../domain/refusal.ts';
import type { Session } from '../domain/session.ts';
import { take } from '../limits.ts';
import type { IdentityParts } from '../parts.ts';
import { beginSession, type SignedIn } from '../running-sessions.ts';

export type SignIn = { email: string; password: string; device: Session['device']; address: string };

/** Answers alike, and takes as long, for a wrong password and for an address without an account. */
export async function signIn(parts: IdentityParts, request: SignIn): Promise<SignedIn | Refusal> {
  const email = normalizeEmail(request.email);
  if (email === null) return refused('malformed', { field: 'email', message: 'This is no e-mail address.' });
  const { byBoth, byEmail, byAddress } = parts.limits.signIn;
  const ticket = take(
    [
      [byBoth, `${email} ${request.address}`],
      [byEmail, email],
      [byAddress, request.address],
    ],
    parts.nowMs(),
  );
  if (ticket.kind === 'refused') return ticket;
  const account = await accountByEmail(parts, email);
  if (!(await parts.hashing.verify(typedPassword(request.password), account?.passwordHash ?? null)) || account === null)
    return refused('wrong_credentials');
  ticket.giveBack();
  return await beginSession(parts, account, request.device);
}
