import type { MessageInitShape } from '@bufbuild/protobuf';

import type { AccountSchema, ChangeResponseSchema, ProfileSchema } from '../contract/index.ts';
import type { Changed } from './change-account.ts';
import type { AccountRecord, ProfileRecord } from './domain/account.ts';
import type { Refusal } from './domain/refusal.ts';

/** An account without what only identity may know. */
export function accountView(account: AccountRecord) {
  const { id, email, country, countryFrom, language, isOperator, epoch, createdAtMs, accountPinHash, profiles } = account;
  return {
    id,
    email,
    country,
    countryFrom,
    language,
    isOperator,
    epoch,
    createdAtMs,
    hasAccountPin: accountPinHash !== null,
    profiles: profiles.map((profile) => profileView(id, profile)),
  } satisfies MessageInitShape<typeof AccountSchema>;
}

export function profileView(accountId: string, profile: ProfileRecord) {
  const { pinHash, ...shown } = profile;
  return { ...shown, accountId, hasPin: pinHash !== null } satisfies MessageInitShape<typeof ProfileSchema>;
}

export function changeView(outcome: Changed | Refusal): MessageInitShape<typeof ChangeResponseSchema> {
  if (outcome.kind === 'changed') return { outcome: { case: 'account', value: accountView(outcome.account) } };
  const { because, message, field, retryAfterMs } = outcome;
  return { outcome: { case: 'refused', value: { because, message, field, retryAfterMs } } };
}
