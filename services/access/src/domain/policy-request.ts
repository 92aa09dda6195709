import { provesAtLeast } from '@bioscope/passport';

import { DEGRADED_HEIGHT_MAX, type ActionName } from './fallbacks.ts';
import { offerIn } from './offer.ts';
import type { Question, TitleInQuestion } from './question.ts';
import type { Entitlement, Seen } from './signals.ts';
import type { Viewer } from './viewer.ts';

type Facts = { readonly [name: string]: string | number | boolean | Facts };

/** A question in the words of `policies/schema.cedarschema`. What is unknown is absent. */
export type PolicyRequest = {
  readonly action: ActionName;
  readonly principal: { readonly id: string; readonly facts: Facts };
  readonly resource: { readonly type: 'Title' | 'Household' | 'Area'; readonly id: string; readonly facts: Facts };
  readonly context: Facts;
};

export function policyRequest(viewer: Viewer, question: Question, { nowMs }: { readonly nowMs: number }): PolicyRequest {
  const { action } = question;
  const principal = principalOf(viewer);
  switch (action) {
    case 'browse':
      return { action, principal, resource: titleOf(question.title, viewer, nowMs), context: {} };
    case 'play': {
      const { height, streamsInUse } = question;
      const context = streamsInUse === null ? { height } : { height, streamsInUse };
      return { action, principal, resource: titleOf(question.title, viewer, nowMs), context };
    }
    case 'download': {
      const { height, devicesInUse } = question;
      const context = devicesInUse === null ? { height } : { height, devicesInUse };
      return { action, principal, resource: titleOf(question.title, viewer, nowMs), context };
    }
    case 'manageAccount':
    case 'manageProfiles':
      return { action, principal, resource: { type: 'Household', id: viewer.asker.accountId, facts: {} }, context: {} };
    case 'operate':
      return { action, principal, resource: { type: 'Area', id: question.area, facts: {} }, context: {} };
    default:
      throw new Error(`there is no request for ${String(action satisfies never)}`);
  }
}

/** What may be had of a plan's resolution, given how much is known of the membership. */
export function heightMaxNow(membership: Seen<Entitlement>): number {
  if (membership.confidence === 'unknown') return 0;
  const { heightMax } = membership.value;
  return membership.confidence === 'degraded' ? Math.min(heightMax, DEGRADED_HEIGHT_MAX) : heightMax;
}

function principalOf({ asker, membership, profile, account, device }: Viewer): PolicyRequest['principal'] {
  const isSignedIn = asker.accountId !== '';
  const facts: Facts = {
    isSignedIn,
    // A passport without an account is nobody's, whatever it says besides.
    isOperator: isSignedIn && asker.isOperator,
    hasChosenProfile: isSignedIn && asker.profileId !== '',
    provesProfilePin: provesAtLeast(asker, 'profile_pin'),
    provesAccountPin: provesAtLeast(asker, 'account_pin'),
    isKids: asker.isKids || (profile.confidence !== 'unknown' && profile.value?.isKids === true),
    ...(membership.confidence === 'unknown' ? {} : { membership: membershipFacts(membership) }),
    ...(profile.confidence === 'unknown' ? {} : { profile: profileFacts(profile.value) }),
    ...(account.confidence === 'unknown' ? {} : { account: { hasPin: account.value.hasPin } }),
    ...(device.confidence === 'unknown' ? {} : { device: { rank: device.value.rank } }),
  };
  return { id: asker.accountId, facts };
}

function membershipFacts(membership: Exclude<Seen<Entitlement>, { confidence: 'unknown' }>): Facts {
  const { standing, heightMax, streamsMax, downloadDevicesMax, devicesMax } = membership.value;
  return { standing, planHeightMax: heightMax, heightMax: heightMaxNow(membership), streamsMax, downloadDevicesMax, devicesMax };
}

function profileFacts(profile: { readonly ceiling: number; readonly hasEntryPin: boolean } | null): Facts {
  return profile === null
    ? { exists: false, ceiling: 0, hasEntryPin: false }
    : { exists: true, ceiling: profile.ceiling, hasEntryPin: profile.hasEntryPin };
}

function titleOf({ id, facts: seen }: TitleInQuestion, { country }: Viewer, nowMs: number): PolicyRequest['resource'] {
  if (seen.confidence === 'unknown') return { type: 'Title', id, facts: {} };
  const facts =
    seen.value === null
      ? { exists: false, isPlayable: false, maturity: 0, offer: 'elsewhere' }
      : {
          exists: true,
          isPlayable: seen.value.isPlayable,
          maturity: seen.value.maturity,
          offer: offerIn(seen.value.windows, { country, atMs: nowMs }).state,
        };
  return { type: 'Title', id, facts: { facts } };
}
