import type { Maturity } from '../../contract/index.ts';

/** What happened to an account; the stream of these is the account. Hashes never leave this service: what others may know is announced in events of its own. */
export type AccountEvent =
  | {
      readonly type: 'account.created';
      readonly atMs: number;
      readonly email: string;
      readonly passwordHash: string;
      readonly country: string;
      readonly countryFrom: 'claimed';
      readonly language: string;
      readonly isOperator: boolean;
      readonly owner: ProfileRecord;
    }
  | { readonly type: 'password.set'; readonly atMs: number; readonly hash: string }
  | { readonly type: 'epoch.raised'; readonly atMs: number; readonly epoch: number }
  /** Written before the address is claimed, so that whoever finds the claim knows that it is meant. */
  | { readonly type: 'email.claiming'; readonly email: string }
  | { readonly type: 'email.unclaimed'; readonly email: string }
  | { readonly type: 'email.changed'; readonly atMs: number; readonly email: string }
  | { readonly type: 'account_pin.set'; readonly hash: string | null }
  | { readonly type: 'profile.created'; readonly profile: ProfileRecord }
  | { readonly type: 'profile.changed'; readonly profileId: string; readonly description: ProfileDescription }
  | { readonly type: 'profile.removed'; readonly profileId: string }
  | { readonly type: 'profile_pin.set'; readonly profileId: string; readonly hash: string | null }
  | { readonly type: 'passkey.added'; readonly passkey: PasskeyRecord }
  | { readonly type: 'passkey.used'; readonly passkeyId: string; readonly counter: number; readonly atMs: number }
  | { readonly type: 'passkey.removed'; readonly passkeyId: string };

export type ProfileDescription = {
  readonly name: string;
  readonly picture: string;
  readonly language: string;
  readonly maturityMax: Maturity;
  readonly isKids: boolean;
};
export type ProfileRecord = ProfileDescription & { readonly id: string; readonly isOwner: boolean; readonly pinHash: string | null };
export type PasskeyRecord = {
  /** The credential's id, base64url. */
  readonly id: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  readonly name: string;
  readonly addedAtMs: number;
  /** Zero until it was used. */
  readonly usedAtMs: number;
};

/** An account as its events add up. */
export type AccountRecord = {
  readonly id: string;
  /** Events so far. */
  readonly version: number;
  readonly createdAtMs: number;
  readonly email: string;
  /** The address that the account is about to have; empty when there is none. */
  readonly claimingEmail: string;
  readonly passwordHash: string;
  readonly country: string;
  readonly countryFrom: 'claimed';
  readonly language: string;
  readonly isOperator: boolean;
  readonly epoch: number;
  readonly accountPinHash: string | null;
  readonly profiles: readonly ProfileRecord[];
  readonly passkeys: readonly PasskeyRecord[];
};

/** Null before the first event. Throws when an account does not begin with its creation: then the stream is not an account's. */
export function foldAccount(id: string, record: AccountRecord | null, event: AccountEvent): AccountRecord {
  if (record === null) {
    if (event.type !== 'account.created') throw new TypeError(`account ${id} begins with ${event.type}`);
    return created(id, event);
  }
  return { ...(event.type === 'account.created' ? record : changed(record, event)), version: record.version + 1 };
}

function created(id: string, event: AccountEvent & { type: 'account.created' }): AccountRecord {
  const { type: _, atMs, owner, ...rest } = event;
  return { id, version: 1, createdAtMs: atMs, ...rest, claimingEmail: '', epoch: 1, accountPinHash: null, profiles: [owner], passkeys: [] };
}

function changed(record: AccountRecord, event: Exclude<AccountEvent, { type: 'account.created' }>): AccountRecord {
  switch (event.type) {
    case 'password.set':
      return { ...record, passwordHash: event.hash };
    case 'epoch.raised':
      return { ...record, epoch: event.epoch };
    case 'email.claiming':
      return { ...record, claimingEmail: event.email };
    case 'email.unclaimed':
      return { ...record, claimingEmail: record.claimingEmail === event.email ? '' : record.claimingEmail };
    case 'email.changed':
      return { ...record, email: event.email, claimingEmail: '' };
    case 'account_pin.set':
      return { ...record, accountPinHash: event.hash };
    case 'profile.created':
      return { ...record, profiles: [...record.profiles, event.profile] };
    case 'profile.changed':
      return onProfile(record, event.profileId, event.description);
    case 'profile.removed':
      return { ...record, profiles: record.profiles.filter(({ id }) => id !== event.profileId) };
    case 'profile_pin.set':
      return onProfile(record, event.profileId, { pinHash: event.hash });
    case 'passkey.added':
      return { ...record, passkeys: [...record.passkeys, event.passkey] };
    case 'passkey.used':
      return {
        ...record,
        passkeys: record.passkeys.map((passkey) =>
          passkey.id === event.passkeyId ? { ...passkey, counter: event.counter, usedAtMs: event.atMs } : passkey,
        ),
      };
    case 'passkey.removed':
      return { ...record, passkeys: record.passkeys.filter(({ id }) => id !== event.passkeyId) };
    default:
      return event satisfies never;
  }
}

function onProfile(record: AccountRecord, profileId: string, change: Partial<ProfileRecord>): AccountRecord {
  return { ...record, profiles: record.profiles.map((profile) => (profile.id === profileId ? { ...profile, ...change } : profile)) };
}
