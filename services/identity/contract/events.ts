/** What happens to profiles, keyed by account, in order per account, at least once. Values are JSON of `ProfileEvent`. */
export const PROFILES_TOPIC = 'identity.profiles';
export const PROFILE_EVENT_TYPES = ['profile.created', 'profile.changed', 'profile.removed'] as const;
export type ProfileEventType = (typeof PROFILE_EVENT_TYPES)[number];

/** The profile as it is afterwards; of a removed one, as it was. */
export type ProfileEvent = {
  readonly accountId: string;
  readonly profileId: string;
  readonly name: string;
  readonly picture: string;
  readonly language: string;
  readonly maturityMax: number;
  readonly isKids: boolean;
  readonly isOwner: boolean;
};

/** What access tokens are no longer good for, keyed by account. Values are JSON of `RevocationEvent`. */
export const REVOCATIONS_TOPIC = 'identity.revocations';
export type RevocationEvent =
  | { readonly type: 'epoch.raised'; readonly accountId: string; readonly epoch: number; readonly atMs: number }
  | { readonly type: 'session.ended'; readonly accountId: string; readonly sessionId: string; readonly atMs: number };

/** Reads the value of a record of `identity.profiles`. Throws a TypeError for anything else. */
export function parseProfileEvent(value: Uint8Array): ProfileEvent {
  const { accountId, profileId, name, picture, language, maturityMax, isKids, isOwner } = objectIn(value);
  if (
    typeof accountId === 'string' &&
    typeof profileId === 'string' &&
    typeof name === 'string' &&
    typeof picture === 'string' &&
    typeof language === 'string' &&
    typeof maturityMax === 'number' &&
    typeof isKids === 'boolean' &&
    typeof isOwner === 'boolean'
  )
    return { accountId, profileId, name, picture, language, maturityMax, isKids, isOwner };
  throw new TypeError('a record of identity.profiles that is no profile');
}

/** Reads the value of a record of `identity.revocations`. Throws a TypeError for anything else. */
export function parseRevocation(value: Uint8Array): RevocationEvent {
  const { type, accountId, epoch, sessionId, atMs } = objectIn(value);
  if (typeof accountId === 'string' && typeof atMs === 'number') {
    if (type === 'epoch.raised' && typeof epoch === 'number') return { type, accountId, epoch, atMs };
    if (type === 'session.ended' && typeof sessionId === 'string') return { type, accountId, sessionId, atMs };
  }
  throw new TypeError('a record of identity.revocations that revokes nothing known');
}

function objectIn(value: Uint8Array): Readonly<Record<string, unknown>> {
  const parsed: unknown = JSON.parse(new TextDecoder().decode(value));
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
}
