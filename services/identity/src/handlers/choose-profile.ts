import { chooseProfile } from '../domain/choose-profile.ts';
import { refused, type Refusal } from '../domain/refusal.ts';
import type { IdentityParts } from '../parts.ts';
import { signedIn, whoIsSignedIn, type SignedIn } from '../running-sessions.ts';
import { proveByHash } from '../prove.ts';

/** Puts the session into a profile; `pin` is that of the profile, or of the account where a kid wants out, and empty when none was asked for yet. */
export async function enterProfile(
  parts: IdentityParts,
  request: { refreshToken: string; profileId: string; pin: string },
): Promise<SignedIn | Refusal> {
  const who = await whoIsSignedIn(parts, request.refreshToken);
  if (who.kind === 'refused') return who;
  const { account } = who;
  const fromProfileId = who.session.profileId;
  const choice = chooseProfile(account, who.session, request.profileId);
  if (choice.kind === 'refused') return choice;
  if (choice.kind === 'guarded') {
    if (request.pin === '') return refused(choice.by === 'profile_pin' ? 'pin_needed' : 'account_pin_needed', { field: 'pin' });
    const refusal = await proveByHash(parts, { accountId: account.id, text: request.pin, hash: choice.pinHash, otherwise: 'pin_wrong' });
    if (refusal !== null) return refusal;
  }
  const isStaying = fromProfileId === request.profileId;
  const entered = await parts.sessions.change(who.session.id, (session) => {
    // From elsewhere since: what was proved was proved for another way.
    if (session === null || session.endedAtMs > 0 || session.profileId !== fromProfileId) return { next: null, answer: null };
    const profileProof = choice.kind === 'guarded' ? ('profile_pin' as const) : isStaying ? session.profileProof : ('session' as const);
    const next = { ...session, profileId: request.profileId, profileProof };
    return { next, answer: next };
  });
  if (entered === null) return refused('signed_out');
  return signedIn(parts, { account, session: entered, assurance: entered.profileProof, refreshToken: null });
}
