import { IdentityService } from '@bioscope/identity/contract';
import type { Passport } from '@bioscope/passport';
import { RpcError, type RequestContext, type Rpc } from '@bioscope/rpc';
import type { Logger } from '@bioscope/telemetry';

import { FACTS_UNKNOWN, type ProfileFacts } from './domain/profile-facts.ts';
import type { Viewer } from './domain/viewer.ts';
import type { HomeStore, KeptProfile } from './store.ts';

/** Who asks, and what lies here of them. */
export type Asker = { readonly viewer: Viewer; readonly kept: KeptProfile };
export type Profiles = (passport: Passport, within: RequestContext) => Promise<Asker>;

const DEADLINE_MS = 1_000;

/**
 * Knows profiles from the events of identity, and asks for one whose event has not come yet. When identity does not answer either, the profile sees what is
 * for everybody. Rejects without a profile, and for one that was removed.
 */
export function profilesOf({ rpc, store, logger }: { readonly rpc: Rpc; readonly store: HomeStore; readonly logger: Logger }): Profiles {
  const identity = rpc.client(IdentityService);
  return async (passport, within) => {
    const profileId = profileIn(passport);
    const kept = await store.readProfile(profileId);
    if (kept.isRemoved) throw new RpcError('failed_precondition', 'this profile was removed; choose another');
    const facts = kept.facts ?? (await ask(passport, within));
    return { kept, viewer: viewerOf(passport, facts ?? { ...FACTS_UNKNOWN, accountId: passport.accountId }) };
  };

  async function ask({ accountId, profileId }: Passport, within: RequestContext): Promise<ProfileFacts | null> {
    try {
      const { profile } = await identity.getProfile({ accountId, profileId }, { within, deadlineMs: DEADLINE_MS, idempotent: true });
      if (profile === undefined) return null;
      const facts = { accountId, maturityCeiling: profile.maturityMax, isKids: profile.isKids, language: profile.language };
      await store.putFacts(profileId, facts);
      return facts;
    } catch (err) {
      if (err instanceof RpcError && err.code === 'not_found')
        throw new RpcError('failed_precondition', 'there is no such profile; choose another');
      logger.warn({ err, profileId }, 'nothing is known of a profile; it is shown what is for everybody');
      return null;
    }
  }
}

function profileIn({ accountId, profileId }: Passport): string {
  if (accountId === '') throw new RpcError('unauthenticated', 'sign in to see this');
  if (profileId === '') throw new RpcError('failed_precondition', 'choose a profile first');
  return profileId;
}

function viewerOf({ profileId, country, isKids }: Passport, facts: ProfileFacts): Viewer {
  const { maturityCeiling, language } = facts;
  return { profileId, country, isKids: isKids || facts.isKids, maturityCeiling, language };
}
