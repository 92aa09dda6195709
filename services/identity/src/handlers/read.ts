import { RpcError } from '@bioscope/rpc';
import type { MessageInitShape } from '@bufbuild/protobuf';

import type {
  FindAccountsRequest,
  FindAccountsResponseSchema,
  ListRevocationsRequest,
  ListRevocationsResponseSchema,
} from '../../contract/index.ts';
import { accountByEmail } from '../claim-email.ts';
import type { AccountRecord } from '../domain/account.ts';
import { devicesOf, type Device } from '../domain/devices.ts';
import { normalizeEmail } from '../domain/email-address.ts';
import type { IdentityParts } from '../parts.ts';
import { liveSessions } from '../running-sessions.ts';
import { PREFIX_CHARACTERS_MIN } from '../store/email-index.ts';
import { accountView } from '../views.ts';

const PAGE_MAX = 100;
const PAGE_DEFAULT = 20;

export async function readAccount({ accounts }: Pick<IdentityParts, 'accounts'>, accountId: string): Promise<AccountRecord> {
  const account = await accounts.read(accountId);
  if (account === null) throw new RpcError('not_found', `there is no account ${accountId}`);
  return account;
}

export async function readDevices(parts: IdentityParts, accountId: string): Promise<readonly Device[]> {
  return devicesOf(await liveSessions(parts, await readAccount(parts, accountId)));
}

export async function findAccounts(
  parts: IdentityParts,
  request: FindAccountsRequest,
): Promise<MessageInitShape<typeof FindAccountsResponseSchema>> {
  const { accountsMax, cursor } = request;
  if (!Number.isInteger(accountsMax) || accountsMax < 0 || accountsMax > PAGE_MAX)
    throw new RpcError('invalid_argument', `accounts_max is ${accountsMax}; 0 to ${PAGE_MAX} is wanted`);
  const prefix = request.email.trim().normalize('NFC').toLowerCase();
  const whole = normalizeEmail(prefix);
  const exact = whole === null || cursor !== '' ? null : await accountByEmail(parts, whole);
  if (exact !== null) return { accounts: [accountView(exact)], cursor: '' };
  if (Array.from(prefix).length < PREFIX_CHARACTERS_MIN || Buffer.byteLength(prefix) > 256)
    throw new RpcError('invalid_argument', `email wants ${PREFIX_CHARACTERS_MIN} characters or more`);
  const found = await parts.emailIndex.find({ prefix, accountsMax: accountsMax || PAGE_DEFAULT, ...(cursor === '' ? {} : { cursor }) });
  const accounts = await Promise.all(found.accountIds.map((id) => parts.accounts.read(id)));
  return { accounts: accounts.filter((account) => account !== null).map(accountView), cursor: found.cursor ?? '' };
}

export async function listRevocations(
  parts: IdentityParts,
  request: ListRevocationsRequest,
): Promise<MessageInitShape<typeof ListRevocationsResponseSchema>> {
  const { sinceMs, cursor } = request;
  if (!Number.isSafeInteger(sinceMs) || sinceMs < 0) throw new RpcError('invalid_argument', 'since_ms wants milliseconds since 1970');
  const recent = await parts.announcements.recent({ sinceMs, ...(cursor === '' ? {} : { cursor }) });
  const revocations = recent.revocations.map((revocation) => ({
    accountId: revocation.accountId,
    atMs: revocation.atMs,
    what:
      revocation.type === 'epoch.raised'
        ? ({ case: 'epoch', value: revocation.epoch } as const)
        : ({ case: 'sessionId', value: revocation.sessionId } as const),
  }));
  return { revocations, cursor: recent.cursor ?? '' };
}
