import { RpcError } from '@bioscope/rpc';

import type { AccountRecord } from './domain/account.ts';
import { wantsEmail } from './domain/email-change.ts';
import type { IdentityParts } from './parts.ts';

type Parts = Pick<IdentityParts, 'emails' | 'accounts'>;

export type Claimed =
  | { readonly kind: 'claimed'; readonly accountId: string }
  | { readonly kind: 'taken'; readonly account: AccountRecord | null };

/** People who sign up with one address at the same moment. */
const ATTEMPTS_MAX = 8;

/**
 * Claims an address for an account that does not exist yet. A claim without an account is not taken over but shared: both append the creation to the
 * same stream, where only one can be first.
 */
export async function claimForNew({ emails, accounts }: Parts, email: string, accountId: string): Promise<Claimed> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const claim = await emails.read(email);
    const holder = claim === null ? null : await accounts.read(claim.accountId);
    if (claim !== null && holder === null) return { kind: 'claimed', accountId: claim.accountId };
    if (holder !== null && wantsEmail(holder, email)) return { kind: 'taken', account: holder };
    if (await emails.claim(email, accountId, claim)) return { kind: 'claimed', accountId };
  }
  throw new RpcError('aborted', `the address was claimed ${ATTEMPTS_MAX} times meanwhile; try again`);
}

/** Claims an address for an account that has said (`email.claiming`) that it is about to have it. */
export async function claimForExisting({ emails, accounts }: Parts, email: string, accountId: string): Promise<Claimed> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const claim = await emails.read(email);
    if (claim !== null && claim.accountId !== accountId) {
      const holder = await accounts.read(claim.accountId);
      if (holder === null || wantsEmail(holder, email)) return { kind: 'taken', account: holder };
    }
    if (await emails.claim(email, accountId, claim)) return { kind: 'claimed', accountId };
  }
  throw new RpcError('aborted', `the address was claimed ${ATTEMPTS_MAX} times meanwhile; try again`);
}

/** The account that has the address; null when none has. Reads as much in either case. */
export async function accountByEmail({ emails, accounts }: Parts, email: string): Promise<AccountRecord | null> {
  const claim = await emails.read(email);
  const account = await accounts.read(claim?.accountId ?? 'nobody');
  return account?.email === email ? account : null;
}
