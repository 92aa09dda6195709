import type { AccountRecord, ProfileRecord } from './account.ts';
import { profileOf } from './profiles.ts';
import { refused, type Refusal } from './refusal.ts';
import type { Session } from './session.ts';

export type Choice =
  | { readonly kind: 'free'; readonly profile: ProfileRecord }
  /** `pinHash` is what the entered PIN must match. */
  | { readonly kind: 'guarded'; readonly profile: ProfileRecord; readonly pinHash: string; readonly by: 'profile_pin' | 'account_pin' }
  | Refusal;

/**
 * Which proof it takes to get from the session's profile (empty: none chosen yet) into another. A profile's own PIN keeps others out of it, also those who
 * were in it before it had one: access asks them for the proof. A kid who wants out of a kids profile into one without a PIN is held by the account PIN,
 * where there is one. Staying where the PIN was given, or where there is none, and going to another kids profile, is free.
 */
export function chooseProfile(
  account: AccountRecord,
  { profileId: fromProfileId, profileProof }: Pick<Session, 'profileId' | 'profileProof'>,
  toProfileId: string,
): Choice {
  const profile = profileOf(account, toProfileId);
  if (profile === null) return refused('profile_unknown', { field: 'profileId' });
  const isStaying = fromProfileId === toProfileId;
  if (isStaying && (profile.pinHash === null || profileProof === 'profile_pin')) return { kind: 'free', profile };
  if (profile.pinHash !== null) return { kind: 'guarded', profile, pinHash: profile.pinHash, by: 'profile_pin' };
  const leavesKids = profileOf(account, fromProfileId)?.isKids === true && !profile.isKids;
  if (leavesKids && account.accountPinHash !== null)
    return { kind: 'guarded', profile, pinHash: account.accountPinHash, by: 'account_pin' };
  return { kind: 'free', profile };
}
