import { provesAtLeast, type Passport } from '@bioscope/passport';

import { KIDS_MATURITY_MAX, MATURITIES, PICTURES, PROFILES_MAX } from '../../contract/index.ts';
import type { AccountRecord, ProfileDescription, ProfileRecord } from './account.ts';
import { events, NOTHING, onAccount, type Decision } from './decision.ts';
import { readLanguage } from './language-tag.ts';
import { NAME_CHARACTERS_MAX, readName } from './profile-name.ts';
import { refused, type Refusal } from './refusal.ts';

/** Who asks, as far as rules on profiles need to know. */
export type Asker = Pick<Passport, 'profileId' | 'assurance'>;

export function readDescription(
  given: { name: string; picture: string; language: string; maturityMax: number; isKids: boolean } | undefined,
): { readonly kind: 'described'; readonly description: ProfileDescription } | Refusal {
  const name = given === undefined ? null : readName(given.name);
  if (given === undefined || name === null)
    return refused('malformed', { field: 'name', message: `A name has 1 to ${NAME_CHARACTERS_MAX} characters.` });
  const language = readLanguage(given.language);
  if (language === null) return refused('malformed', { field: 'language', message: 'The language is no BCP 47 tag.' });
  const picture = PICTURES.find((id) => id === given.picture);
  if (picture === undefined) return refused('malformed', { field: 'picture', message: 'There is no such picture.' });
  const maturityMax = MATURITIES.find((age) => age === given.maturityMax);
  if (maturityMax === undefined)
    return refused('malformed', { field: 'maturity_max', message: `The age must be one of ${MATURITIES.join(', ')}.` });
  if (given.isKids && maturityMax > KIDS_MATURITY_MAX)
    return refused('malformed', { field: 'maturity_max', message: `A kids profile shows titles for ages up to ${KIDS_MATURITY_MAX}.` });
  return { kind: 'described', description: { name, picture, language, maturityMax, isKids: given.isKids } };
}

/**
 * Managing profiles is for those who answer for the household. With an account PIN: who has entered it (or a credential) just now. Without one:
 * anybody but a kid, for who sets no PIN trusts the others.
 */
export function refusalToManage(account: AccountRecord, asker: Asker): Refusal | null {
  if (provesAtLeast(asker, 'account_pin')) return null;
  if (account.accountPinHash !== null) return refused('account_pin_needed');
  return profileOf(account, asker.profileId)?.isKids === true ? refused('kids_profile') : null;
}

export function decideCreateProfile(
  account: AccountRecord | null,
  asker: Asker,
  profile: { readonly id: string; readonly description: ProfileDescription },
): Decision {
  return managed(account, asker, (household) => {
    if (household.profiles.length >= PROFILES_MAX) return refused('profile_limit');
    const refusal = refusalOfDescription(household, asker, profile.id, profile.description);
    return (
      refusal ?? events({ type: 'profile.created', profile: { id: profile.id, ...profile.description, isOwner: false, pinHash: null } })
    );
  });
}

export function decideChangeProfile(
  account: AccountRecord | null,
  asker: Asker,
  profile: { readonly id: string; readonly description: ProfileDescription },
): Decision {
  return managed(account, asker, (household) => {
    const known = profileOf(household, profile.id);
    if (known === null) return refused('profile_unknown');
    const { description } = profile;
    if (known.isOwner && description.isKids) return refused('owner_profile');
    const isSame = (Object.keys(description) as (keyof ProfileDescription)[]).every((key) => description[key] === known[key]);
    if (isSame) return NOTHING;
    const refusal = refusalOfDescription(household, asker, profile.id, description);
    return refusal ?? events({ type: 'profile.changed', profileId: profile.id, description });
  });
}

export function decideRemoveProfile(account: AccountRecord | null, asker: Asker, profileId: string): Decision {
  return managed(account, asker, (household) => {
    const known = profileOf(household, profileId);
    if (known === null) return NOTHING;
    if (known.isOwner) return refused('owner_profile');
    return events({ type: 'profile.removed', profileId });
  });
}

/** Whoever sets a PIN needs no more than to manage; to lift or replace one takes a proof from those who answer for the account. */
export function decideSetProfilePin(
  account: AccountRecord | null,
  asker: Asker,
  pin: { readonly profileId: string; readonly hash: string | null },
): Decision {
  return managed(account, asker, (household) => {
    const known = profileOf(household, pin.profileId);
    if (known === null) return refused('profile_unknown');
    if (known.pinHash === null && pin.hash === null) return NOTHING;
    if (known.pinHash !== null && !provesAtLeast(asker, 'account_pin'))
      return household.accountPinHash === null
        ? refused('above_own_maturity', { message: 'Enter the password to change this PIN.' })
        : refused('account_pin_needed');
    return events({ type: 'profile_pin.set', profileId: pin.profileId, hash: pin.hash });
  });
}

export function profileOf(account: Pick<AccountRecord, 'profiles'>, profileId: string): ProfileRecord | null {
  return account.profiles.find(({ id }) => id === profileId) ?? null;
}

function managed(account: AccountRecord | null, asker: Asker, decide: (account: AccountRecord) => Decision): Decision {
  return onAccount(account, (household) => refusalToManage(household, asker) ?? decide(household));
}

function refusalOfDescription(account: AccountRecord, asker: Asker, profileId: string, description: ProfileDescription): Refusal | null {
  const sameName = (name: string): boolean => name.toLowerCase() === description.name.toLowerCase();
  if (account.profiles.some((other) => other.id !== profileId && sameName(other.name))) return refused('name_taken', { field: 'name' });
  // Otherwise a twelve-year-old without a kids profile could grow up with one click.
  const own = profileOf(account, asker.profileId);
  const isRaised =
    own !== null &&
    description.maturityMax > own.maturityMax &&
    description.maturityMax > (profileOf(account, profileId)?.maturityMax ?? -1);
  return isRaised && !provesAtLeast(asker, 'account_pin') ? refused('above_own_maturity', { field: 'maturity_max' }) : null;
}
