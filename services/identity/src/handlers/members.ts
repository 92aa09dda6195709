import type { Passport } from '@bioscope/passport';

import type {
  ChangePasswordRequest,
  ChangeProfileRequest,
  CreateProfileRequest,
  RemovePasskeyRequest,
  RemoveProfileRequest,
  SetAccountPinRequest,
  SetProfilePinRequest,
} from '../../contract/index.ts';
import { changeAccount, type Changed } from '../change-account.ts';
import { decideChangePassword, decideRemovePasskey, decideSetAccountPin } from '../domain/credentials.ts';
import type { AccountRecord } from '../domain/account.ts';
import type { Decision } from '../domain/decision.ts';
import { isAccountPin, isProfilePin, readPassword } from '../domain/password-rules.ts';
import { decideChangeProfile, decideCreateProfile, decideRemoveProfile, decideSetProfilePin, readDescription } from '../domain/profiles.ts';
import { refused, type Refusal } from '../domain/refusal.ts';
import type { IdentityParts } from '../parts.ts';
import { proveByHash } from '../prove.ts';
import { revokeEpoch } from '../revoke-epoch.ts';
import { tellByMail } from '../send-mail.ts';

// What members change of their own account. The passport says whose it is.

export async function createProfile(parts: IdentityParts, request: CreateProfileRequest, asker: Passport): Promise<Changed | Refusal> {
  const read = readDescription(request.profile);
  if (read.kind === 'refused') return read;
  const profile = { id: parts.newId(), description: read.description };
  return await change(parts, request, asker, (account) => decideCreateProfile(account, asker, profile));
}

export async function changeProfile(parts: IdentityParts, request: ChangeProfileRequest, asker: Passport): Promise<Changed | Refusal> {
  const read = readDescription(request.profile);
  if (read.kind === 'refused') return read;
  const profile = { id: request.profileId, description: read.description };
  return await change(parts, request, asker, (account) => decideChangeProfile(account, asker, profile));
}

export async function removeProfile(parts: IdentityParts, request: RemoveProfileRequest, asker: Passport): Promise<Changed | Refusal> {
  return await change(parts, request, asker, (account) => decideRemoveProfile(account, asker, request.profileId));
}

export async function setProfilePin(parts: IdentityParts, request: SetProfilePinRequest, asker: Passport): Promise<Changed | Refusal> {
  if (request.pin !== '' && !isProfilePin(request.pin)) return refused('malformed', { field: 'pin', message: 'A PIN has four digits.' });
  const hash = request.pin === '' ? null : await parts.hashing.hash(request.pin);
  return await change(parts, request, asker, (account) => decideSetProfilePin(account, asker, { profileId: request.profileId, hash }));
}

export async function setAccountPin(parts: IdentityParts, request: SetAccountPinRequest, asker: Passport): Promise<Changed | Refusal> {
  if (request.pin !== '' && !isAccountPin(request.pin))
    return refused('malformed', { field: 'pin', message: 'The PIN of the account has four to six digits.' });
  const account = await parts.accounts.read(asker.accountId);
  const refusal = await refusalOfPassword(parts, account, request.password);
  if (refusal !== null) return refusal;
  const hash = request.pin === '' ? null : await parts.hashing.hash(request.pin);
  return await change(parts, request, asker, (known) => decideSetAccountPin(known, hash));
}

export async function changePassword(parts: IdentityParts, request: ChangePasswordRequest, asker: Passport): Promise<Changed | Refusal> {
  const account = await parts.accounts.read(asker.accountId);
  if (account === null) return refused('signed_out');
  const refusal = await refusalOfPassword(parts, account, request.password);
  if (refusal !== null) return refusal;
  const password = readPassword(request.newPassword, account.email);
  if (password === null) return refused('weak_password', { field: 'new_password' });
  const hash = await parts.hashing.hash(password);
  const changed = await change(parts, request, asker, (known) =>
    decideChangePassword(known, { checkedHash: account.passwordHash, hash, atMs: parts.nowMs() }),
  );
  if (changed.kind === 'refused') return changed;
  const { epoch } = changed.account;
  // Whoever has just proved the password stays; a kill before this signs them out like the others.
  await parts.sessions.change(asker.sessionId, (session) => ({ next: session === null ? null : { ...session, epoch }, answer: null }));
  await revokeEpoch(parts, changed.account);
  const { email, language } = account;
  await tellByMail(parts, { to: email, template: 'password_changed', language, values: {}, key: `password:${account.id}:${epoch}` });
  return changed;
}

export async function removePasskey(parts: IdentityParts, request: RemovePasskeyRequest, asker: Passport): Promise<Changed | Refusal> {
  return await change(parts, request, asker, (account) => decideRemovePasskey(account, request.passkeyId));
}

/** The account's password, typed once more by who is signed in. */
export async function refusalOfPassword(parts: IdentityParts, account: AccountRecord | null, password: string): Promise<Refusal | null> {
  if (account === null) return refused('signed_out');
  return await proveByHash(parts, { accountId: account.id, text: password, hash: account.passwordHash, otherwise: 'wrong_password' });
}

/** The client's command id, so that a retry is the same command; one of ours when it gave none. */
async function change(
  parts: IdentityParts,
  { commandId }: { readonly commandId: string },
  { accountId }: Passport,
  decide: (account: AccountRecord | null) => Decision,
): Promise<Changed | Refusal> {
  if (commandId !== '' && !/^[A-Za-z0-9_-]{8,64}$/.test(commandId))
    return refused('malformed', { field: 'command_id', message: 'command_id wants 8 to 64 of A-Z a-z 0-9 _ -' });
  return await changeAccount(parts, { accountId, commandId: `member ${commandId === '' ? parts.newId() : commandId}` }, decide);
}
