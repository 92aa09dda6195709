import { FALLBACKS, weigh, type ActionName } from './fallbacks.ts';
import type { Asker, DeviceRanks, Entitlement, HouseholdFacts, Learned, ProfileFacts, Seen } from './signals.ts';

/** Who asks for an action, and what counts of all that was learned of them. A null profile: identity says that there is none. */
export type Viewer = {
  readonly asker: Asker;
  readonly membership: Seen<Entitlement>;
  readonly profile: Seen<ProfileFacts | null>;
  readonly account: Seen<{ readonly hasPin: boolean }>;
  /** The place of this device among those that are signed in, from 1. */
  readonly device: Seen<{ readonly rank: number }>;
  /** "" when not known. */
  readonly country: string;
};

/** What the sources told of who asks; null: nothing, or nobody was asked. */
export type LearnedOfViewer = {
  readonly entitlement: Learned<Entitlement> | null;
  /** A null value: identity says that there is no such account. */
  readonly household: Learned<HouseholdFacts | null> | null;
  readonly devices: Learned<DeviceRanks> | null;
};

export function viewerFor(
  action: ActionName,
  asker: Asker,
  { entitlement, household, devices }: LearnedOfViewer,
  { nowMs }: { readonly nowMs: number },
): Viewer {
  const { membership, profile, account, devices: ofDevices } = FALLBACKS[action];
  return {
    asker,
    membership: weigh(entitlement, membership, {
      nowMs,
      isBad: ({ standing }) => standing !== 'entitled',
      endsAtMs: ({ changesAtMs }) => changesAtMs,
    }),
    profile:
      asker.profileId === ''
        ? { confidence: 'unknown' }
        : weigh(mapped(household, profileOf(asker)), profile, { nowMs, isBad: (found) => found === null }),
    account: weigh(hasPinOf(household), account, { nowMs, isBad: ({ hasPin }) => hasPin }),
    device: weigh(rankOf(devices, asker), ofDevices, { nowMs }),
    country: asker.country === '' ? (household?.value?.country ?? '') : asker.country,
  };
}

function profileOf({ profileId }: Asker): (household: HouseholdFacts | null) => ProfileFacts | null {
  return (household) => household?.profiles.find(({ id }) => id === profileId) ?? null;
}

function hasPinOf(household: LearnedOfViewer['household']): Learned<{ readonly hasPin: boolean }> | null {
  if (household === null || household.value === null) return null;
  return { ...household, value: { hasPin: household.value.hasAccountPin } };
}

/** Of a device that identity says is not signed in: the next free one, as if it were to sign in. What identity said long ago says nothing of it. */
function rankOf(devices: Learned<DeviceRanks> | null, { deviceId }: Asker): Learned<{ readonly rank: number }> | null {
  if (devices === null || deviceId === '') return null;
  const rank = devices.value.get(deviceId) ?? (devices.isFresh ? devices.value.size + 1 : null);
  return rank === null ? null : { ...devices, value: { rank } };
}

function mapped<T, U>(learned: Learned<T> | null, map: (value: T) => U): Learned<U> | null {
  return learned === null ? null : { ...learned, value: map(learned.value) };
}
