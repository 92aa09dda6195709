import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { ASSURANCES } from '@bioscope/passport';
import * as fc from 'fast-check';

import { KIDS_MATURITY_MAX, MATURITIES, PICTURES, PROFILES_MAX } from '../../contract/index.ts';
import { foldAccount, type AccountRecord, type ProfileDescription, type ProfileRecord } from './account.ts';
import { chooseProfile } from './choose-profile.ts';
import {
  decideChangeProfile,
  decideCreateProfile,
  decideRemoveProfile,
  decideSetProfilePin,
  profileOf,
  readDescription,
  refusalToManage,
  type Asker,
} from './profiles.ts';
import type { Decision } from './decision.ts';

const TEEN: ProfileDescription = { name: 'Tom', picture: 'fox', language: 'de', maturityMax: 12, isKids: false };
const KID: ProfileDescription = { ...TEEN, name: 'Kim', isKids: true, maturityMax: 6 };
const profile = (id: string, change: Partial<ProfileRecord> = {}): ProfileRecord => ({
  ...TEEN,
  id,
  name: id,
  isOwner: false,
  pinHash: null,
  ...change,
});

function household(change: Partial<AccountRecord> = {}): AccountRecord {
  return {
    id: 'a1',
    version: 1,
    createdAtMs: 1,
    email: 'ada@example.org',
    claimingEmail: '',
    passwordHash: 'h',
    country: 'DE',
    countryFrom: 'claimed',
    language: 'de',
    isOperator: false,
    epoch: 1,
    accountPinHash: null,
    passkeys: [],
    profiles: [profile('owner', { isOwner: true, maturityMax: 18 }), profile('teen'), profile('kid', KID)],
    ...change,
  };
}

const asked = (profileId: string, assurance: Asker['assurance'] = 'session'): Asker => ({ profileId, assurance });
const because = (decision: Decision): string => (decision.kind === 'refused' ? decision.because : decision.kind);

describe('managing profiles', () => {
  it('is for everybody but kids where there is no account PIN, and for who has entered it where there is one', () => {
    assert.equal(refusalToManage(household(), asked('owner')), null);
    assert.equal(refusalToManage(household(), asked('kid'))?.because, 'kids_profile');
    assert.equal(refusalToManage(household(), asked('kid', 'credential')), null);
    const guarded = household({ accountPinHash: 'h' });
    for (const assurance of ['none', 'session', 'profile_pin'] as const)
      assert.equal(refusalToManage(guarded, asked('owner', assurance))?.because, 'account_pin_needed');
    for (const assurance of ['account_pin', 'credential'] as const) assert.equal(refusalToManage(guarded, asked('kid', assurance)), null);
  });

  it('lets nobody grow up with one click', () => {
    const grown = { ...TEEN, name: 'Grown', maturityMax: 18 } as const;
    assert.equal(because(decideCreateProfile(household(), asked('teen'), { id: 'n', description: grown })), 'above_own_maturity');
    assert.equal(because(decideChangeProfile(household(), asked('teen'), { id: 'teen', description: grown })), 'above_own_maturity');
    assert.equal(because(decideCreateProfile(household(), asked('owner'), { id: 'n', description: grown })), 'events');
    assert.equal(because(decideCreateProfile(household(), asked('teen', 'credential'), { id: 'n', description: grown })), 'events');
    assert.equal(
      because(decideCreateProfile(household(), asked('teen'), { id: 'n', description: { ...TEEN, maturityMax: 12 } })),
      'events',
    );
  });

  it('keeps the owner, and five profiles at most with names of their own', () => {
    assert.equal(because(decideRemoveProfile(household(), asked('owner'), 'owner')), 'owner_profile');
    assert.equal(because(decideChangeProfile(household(), asked('owner'), { id: 'owner', description: KID })), 'owner_profile');
    assert.equal(
      because(decideCreateProfile(household(), asked('owner'), { id: 'n', description: { ...TEEN, name: 'TEEN' } })),
      'name_taken',
    );
    const full = household({ profiles: [...household().profiles, profile('d'), profile('e')] });
    assert.equal(because(decideCreateProfile(full, asked('owner'), { id: 'n', description: TEEN })), 'profile_limit');
  });

  it('lifts or replaces a PIN only for who answers for the account', () => {
    const guarded = household({ profiles: [...household().profiles, profile('adult', { pinHash: 'h', maturityMax: 18 })] });
    assert.equal(because(decideSetProfilePin(guarded, asked('teen'), { profileId: 'adult', hash: null })), 'above_own_maturity');
    assert.equal(because(decideSetProfilePin(guarded, asked('teen'), { profileId: 'teen', hash: 'new' })), 'events');
    assert.equal(because(decideSetProfilePin(guarded, asked('teen', 'credential'), { profileId: 'adult', hash: null })), 'events');
  });

  it('refuses what is no profile and says which part', () => {
    const given = { name: 'x', picture: 'fox', language: 'de', maturityMax: 12, isKids: false };
    const field = (change: object): string => {
      const read = readDescription({ ...given, ...change });
      return read.kind === 'refused' ? read.field : '';
    };
    assert.equal(field({}), '');
    assert.equal(field({ name: ' ' }), 'name');
    assert.equal(field({ picture: 'cat.png' }), 'picture');
    assert.equal(field({ language: '_' }), 'language');
    assert.equal(field({ maturityMax: 13 }), 'maturity_max');
    assert.equal(field({ maturityMax: 16, isKids: true }), 'maturity_max');
  });

  it('never breaks what holds of a household, whatever is asked in whatever order', () => {
    const description = fc.record({
      name: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'),
      picture: fc.constantFrom(...PICTURES),
      language: fc.constant('de'),
      maturityMax: fc.constantFrom(...MATURITIES),
      isKids: fc.boolean(),
    });
    const command = fc.record({
      what: fc.constantFrom('create', 'change', 'remove', 'pin'),
      asker: fc.nat(6),
      target: fc.nat(6),
      assurance: fc.constantFrom(...ASSURANCES),
      description,
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        let account = household();
        commands.forEach(({ what, asker, target, assurance, description: given }, i) => {
          const read = readDescription(given);
          if (read.kind === 'refused') return;
          const who = asked(account.profiles[asker]?.id ?? '', assurance);
          const id = account.profiles[target]?.id ?? 'nobody';
          const decision = {
            create: () => decideCreateProfile(account, who, { id: `p${i}`, description: read.description }),
            change: () => decideChangeProfile(account, who, { id, description: read.description }),
            remove: () => decideRemoveProfile(account, who, id),
            pin: () => decideSetProfilePin(account, who, { profileId: id, hash: i % 2 === 0 ? 'h' : null }),
          }[what]?.();
          if (decision?.kind === 'events') for (const event of decision.events) account = foldAccount('a1', account, event);
        });
        const { profiles } = account;
        assert.ok(profiles.length >= 1 && profiles.length <= PROFILES_MAX);
        assert.deepEqual(
          profiles.filter(({ isOwner }) => isOwner).map(({ id, isKids }) => ({ id, isKids })),
          [{ id: 'owner', isKids: false }],
        );
        assert.equal(new Set(profiles.map(({ name }) => name.toLowerCase())).size, profiles.length);
        for (const each of profiles) if (each.isKids) assert.ok(each.maturityMax <= KIDS_MATURITY_MAX);
      }),
      { numRuns: 200 },
    );
  });
});

describe('choosing a profile', () => {
  const guarded = household({
    accountPinHash: 'account',
    profiles: [...household().profiles, profile('adult', { pinHash: 'entry' }), profile('sister', { ...KID, name: 'sister' })],
  });
  const by = (from: string, to: string, account = guarded, profileProof: 'session' | 'profile_pin' = 'session'): string => {
    const choice = chooseProfile(account, { profileId: from, profileProof }, to);
    return choice.kind === 'guarded' ? choice.by : choice.kind;
  };

  it('takes the PIN of a profile that has one, wherever one comes from', () => {
    for (const from of ['', 'owner', 'kid', 'teen']) assert.equal(by(from, 'adult'), 'profile_pin');
    assert.equal(by('adult', 'adult', guarded, 'profile_pin'), 'free');
    assert.equal(by('adult', 'adult', guarded, 'session'), 'profile_pin', 'it had none when it was entered');
  });

  it('takes the account PIN to leave a kids profile, but not to go to another', () => {
    assert.equal(by('kid', 'teen'), 'account_pin');
    assert.equal(by('kid', 'owner'), 'account_pin');
    assert.equal(by('kid', 'sister'), 'free');
    assert.equal(by('kid', 'teen', household()), 'free');
    assert.equal(by('', 'owner'), 'free');
    assert.equal(by('teen', 'kid'), 'free');
    assert.equal(by('teen', 'gone'), 'refused');
  });

  it('never lets a kid out of a guarded household without a PIN', () => {
    for (const { id } of guarded.profiles) if (profileOf(guarded, id)?.isKids === false) assert.notEqual(by('kid', id), 'free');
  });
});
