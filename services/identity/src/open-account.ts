import { claimForNew } from './claim-email.ts';
import { foldAccount, type AccountRecord } from './domain/account.ts';
import { refused, type Refusal } from './domain/refusal.ts';
import type { IdentityParts } from './parts.ts';

export type NewAccount = {
  readonly accountId: string;
  /** Of the link that is spent by it: appended once. */
  readonly commandId: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly name: string;
  readonly language: string;
  readonly country: string;
  readonly isOperator: boolean;
};

/** The first profile's picture; there is no reason for another. */
const FIRST_PICTURE = 'comet';

/** Claims the address, then makes the account: a kill between the two leaves a claim that the next try finds and uses. */
export async function openAccount(
  parts: Pick<IdentityParts, 'emails' | 'accounts' | 'newId' | 'nowMs'>,
  wanted: NewAccount,
): Promise<{ readonly kind: 'opened'; readonly account: AccountRecord } | Refusal> {
  const claimed = await claimForNew(parts, wanted.email, wanted.accountId);
  if (claimed.kind === 'taken') return refused('email_taken', { field: 'email' });
  const { accountId } = claimed;
  // An invite makes one account because its id is fixed; under the id of a sign-up that was broken off it could be followed again.
  if (wanted.isOperator && accountId !== wanted.accountId) return refused('email_taken', { field: 'email' });
  const { email, passwordHash, language, country, isOperator, name, commandId } = wanted;
  const owner = {
    id: parts.newId(),
    name,
    picture: FIRST_PICTURE,
    language,
    maturityMax: 18,
    isKids: false,
    isOwner: true,
    pinHash: null,
  } as const;
  const event = {
    type: 'account.created',
    atMs: parts.nowMs(),
    email,
    passwordHash,
    country,
    countryFrom: 'claimed',
    language,
    isOperator,
    owner,
  } as const;
  const appended = await parts.accounts.append({ accountId, expectedVersion: 0, events: [event], commandId });
  return appended === 'appended' ? { kind: 'opened', account: foldAccount(accountId, null, event) } : refused('link_invalid');
}
