import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { REFUSALS, type Lift, type Refusal } from '../contract/index.ts';
import type { Question } from '../src/domain/question.ts';
import type { Entitlement } from '../src/domain/signals.ts';
import { browse, download, FILM, fresh, GROWN_UP, household, NOW_MS, old, play, PREMIUM, ranks } from './people.ts';
import { decision, failed, type Asking } from './policies-in-force.ts';

const HOUR_MS = 3_600_000;
const manageAccount = { action: 'manageAccount' } as const;
const manageProfiles = { action: 'manageProfiles' } as const;
const operate = { action: 'operate', area: 'films' } as const;
const unknownTitle = { title: { id: 'title-1', facts: { confidence: 'unknown' } } } as const;
const membership = (some: Partial<Entitlement>): Asking => ({ entitlement: fresh({ ...PREMIUM, ...some }) });
const FIVE = ['device-2', 'device-3', 'device-4', 'device-5', 'device-6'] as const;
const inGermanyOnly = (fromMs: number, untilMs: number) => ({ ...FILM, windows: [{ country: 'DE', fromMs, untilMs }] });

/** Who asks what, and the refusal; each line is a sentence of the product. */
const REFUSED: readonly [sentence: string, Question, Asking, Refusal, readonly Lift[]][] = [
  ['a visitor cannot watch', play(), { asker: { accountId: '' } }, 'sign_in_needed', ['sign_in']],
  ['a visitor cannot look around', browse(), { asker: { accountId: '' } }, 'sign_in_needed', ['sign_in']],
  ['a visitor has no account to manage', manageAccount, { asker: { accountId: '' } }, 'sign_in_needed', ['sign_in']],
  [
    'a visitor is no operator, whatever the passport says',
    operate,
    { asker: { accountId: '', isOperator: true } },
    'sign_in_needed',
    ['sign_in'],
  ],
  ['a member is no operator', operate, {}, 'operators_only', []],
  [
    'a kids profile of an operator operates nothing',
    operate,
    { asker: { isOperator: true, isKids: true } },
    'kids_profile',
    ['switch_profile'],
  ],
  ['who never chose a plan cannot watch', play(), membership({ standing: 'never_member' }), 'never_member', ['choose_plan']],
  ['who never chose a plan cannot look around', browse(), membership({ standing: 'never_member' }), 'never_member', ['choose_plan']],
  ['who has not paid cannot watch', play(), membership({ standing: 'payment_needed' }), 'payment_needed', ['pay']],
  ['a member on hold cannot watch', play(), membership({ standing: 'on_hold' }), 'on_hold', ['update_payment']],
  ['a lapsed member cannot watch', play(), membership({ standing: 'lapsed' }), 'lapsed', ['rejoin']],
  ['a lapsed member cannot download', download(), membership({ standing: 'lapsed' }), 'lapsed', ['rejoin']],
  ['a lapsed member cannot look around', browse(), membership({ standing: 'lapsed' }), 'lapsed', ['rejoin']],
  ['nobody watches without word of a membership', play(), { entitlement: null }, 'membership_unknown', ['try_again']],
  ['nobody watches on word of five hours ago', play(), { entitlement: old(PREMIUM, 5 * HOUR_MS) }, 'membership_unknown', ['try_again']],
  ['nobody watches as nobody', play(), { asker: { profileId: '' } }, 'profile_needed', ['choose_profile']],
  ['nobody watches as a profile that is gone', play(), { asker: { profileId: 'profile-2' } }, 'profile_needed', ['choose_profile']],
  [
    'a profile with a PIN asks for it',
    play(),
    { household: household({ ...GROWN_UP, hasEntryPin: true }) },
    'profile_pin_needed',
    ['enter_profile_pin', 'switch_profile'],
  ],
  [
    'a kids profile does not touch the account',
    manageAccount,
    { household: household({ ...GROWN_UP, isKids: true }) },
    'kids_profile',
    ['switch_profile'],
  ],
  [
    'a kids profile, by its passport, does not touch the profiles',
    manageProfiles,
    { asker: { isKids: true }, household: null },
    'kids_profile',
    ['switch_profile'],
  ],
  [
    'an account with a PIN asks for it',
    manageAccount,
    { household: household(GROWN_UP, { hasAccountPin: true }) },
    'account_pin_needed',
    ['enter_account_pin'],
  ],
  ['an account is not opened while nobody knows of its PIN', manageProfiles, { household: null }, 'account_unknown', ['try_again']],
  ['there is no such title', play(null), {}, 'no_such_title', []],
  ['the catalog does not answer and never told of the title', { ...play(), ...unknownTitle }, {}, 'title_unknown', ['try_again']],
  [
    'a kid does not see a title for elder people',
    browse(),
    { household: household({ ...GROWN_UP, ceiling: 6 }) },
    'above_maturity',
    ['switch_profile'],
  ],
  ['without word of the profile it could be a kid', play(), { household: null }, 'profile_unknown', ['try_again']],
  [
    'a title is not offered in this country',
    play({ ...FILM, windows: [{ country: 'FR', fromMs: 0, untilMs: 0 }] }),
    {},
    'not_in_country',
    [],
  ],
  ['a title is offered nowhere', browse({ ...FILM, windows: [] }), {}, 'not_in_country', []],
  [
    'a title is offered in one country, and this one is not known',
    play(inGermanyOnly(0, 0)),
    { asker: { country: '' } },
    'country_unknown',
    ['say_country'],
  ],
  ['a title comes next hour', play(inGermanyOnly(NOW_MS + HOUR_MS, 0)), {}, 'not_yet_offered', ['wait']],
  ['a title has left', play(inGermanyOnly(0, NOW_MS)), {}, 'no_longer_offered', []],
  ['a title is being prepared', play({ ...FILM, isPlayable: false }), {}, 'not_ready', ['wait']],
  [
    'a plan has lower resolutions',
    play(FILM, { height: 1080 }),
    membership({ heightMax: 720 }),
    'above_plan_resolution',
    ['choose_higher_plan', 'ask_lower_resolution'],
  ],
  [
    'an hour without word of the membership: the highest resolution has to wait',
    play(FILM, { height: 1080 }),
    { entitlement: old(PREMIUM, HOUR_MS) },
    'resolution_not_now',
    ['ask_lower_resolution', 'try_again'],
  ],
  ['the fifth stream of four', play(FILM, { streamsInUse: 4 }), {}, 'stream_limit', ['stop_another_stream', 'choose_higher_plan']],
  [
    'the sixth device of five',
    play(),
    { devices: fresh(ranks(...FIVE, 'device-1')) },
    'device_limit',
    ['remove_a_device', 'choose_higher_plan'],
  ],
  [
    'a device that was signed out, while five others are signed in',
    play(),
    { devices: fresh(ranks(...FIVE)) },
    'device_limit',
    ['remove_a_device', 'choose_higher_plan'],
  ],
  [
    'the sixth device of five, on word of five minutes ago',
    play(),
    { devices: old(ranks(...FIVE, 'device-1'), HOUR_MS / 12) },
    'device_limit',
    ['remove_a_device', 'choose_higher_plan'],
  ],
  ['a plan without downloads', download(), membership({ downloadDevicesMax: 0 }), 'no_downloads_in_plan', ['choose_higher_plan']],
  ['the seventh device of six', download(FILM, { devicesInUse: 6 }), {}, 'device_limit', ['remove_a_device', 'choose_higher_plan']],
  ['a download on who knows how many devices', download(FILM, { devicesInUse: null }), {}, 'devices_unknown', ['try_again']],
  ['an answer of membership that this release does not know', play(), membership({ standing: 'other' }), 'not_permitted', []],
];

describe('what is refused', () => {
  for (const [sentence, question, asking, because, lifts] of REFUSED) {
    it(`${sentence}: ${because}`, () => {
      const verdict = decision(question, asking);
      assert.equal(verdict.kind, 'refused');
      assert.equal(verdict.because, because);
      assert.deepEqual(verdict.lifts, lifts);
    });
  }

  it('every refusal of the contract can be met', () => {
    const met = new Set(REFUSED.map(([, , , because]) => because));
    assert.deepEqual(
      REFUSALS.filter((because) => !met.has(because)),
      [],
    );
  });

  it('says first what stands before all else, and the rest after it', () => {
    const verdict = decision(play({ ...FILM, maturity: 18 }, { streamsInUse: 4 }), {
      ...membership({ standing: 'lapsed' }),
      household: household({ ...GROWN_UP, ceiling: 12, hasEntryPin: true }),
    });
    assert.equal(verdict.kind, 'refused');
    assert.equal(verdict.because, 'lapsed');
    assert.deepEqual(verdict.also, ['profile_pin_needed', 'above_maturity', 'stream_limit']);
  });

  it('says how many the plan has of what there are too many', () => {
    const limitOf = (question: Question, asking: Asking = {}): unknown => {
      const verdict = decision(question, asking);
      return verdict.kind === 'refused' && [verdict.because, verdict.limit];
    };
    assert.deepEqual(limitOf(play(), { devices: fresh(ranks(...FIVE, 'device-1')) }), ['device_limit', 5]);
    assert.deepEqual(limitOf(play(FILM, { streamsInUse: 4 })), ['stream_limit', 4]);
    assert.deepEqual(limitOf(download(FILM, { devicesInUse: 6 })), ['device_limit', 6]);
    assert.deepEqual(limitOf(play(), membership({ standing: 'lapsed' })), ['lapsed', 0]);
  });

  it('says when time alone lifts it', () => {
    const verdict = decision(play(inGermanyOnly(NOW_MS + HOUR_MS, 0)));
    assert.equal(verdict.kind === 'refused' && verdict.liftsAtMs, NOW_MS + HOUR_MS);
  });
});

/** Who asks what, and is granted it. */
const GRANTED: readonly [sentence: string, Question, Asking?][] = [
  ['a member looks around', browse()],
  ['a member watches', play()],
  ['a member downloads', download()],
  ['a member looks around while membership is silent', browse(), { entitlement: null }],
  ['a member watches on word of twenty minutes ago', play(), { entitlement: old(PREMIUM, HOUR_MS / 3) }],
  ['the fourth stream of four', play(FILM, { streamsInUse: 3 })],
  ['the fifth device of five', play(), { devices: fresh(ranks('device-2', 'device-3', 'device-4', 'device-5', 'device-1')) }],
  ['the sixth device of five looks around', browse(), { devices: fresh(ranks(...FIVE, 'device-1')) }],
  ['the sixth device of five signs others out', manageAccount, { devices: fresh(ranks(...FIVE, 'device-1')) }],
  [
    'the sixth device of a plan that says nothing of devices',
    play(),
    { ...membership({ devicesMax: 0 }), devices: fresh(ranks(...FIVE, 'device-1')) },
  ],
  ['a device while nobody knows how many are signed in: the streams are bounded all the same', play(), { devices: null }],
  ['the sixth device of five, on word of a quarter of an hour ago', play(), { devices: old(ranks(...FIVE, 'device-1'), HOUR_MS / 4) }],
  ['a device that has signed in since the last word of them', play(), { devices: old(ranks(...FIVE), HOUR_MS / 12) }],
  ['the sixth device of six', download(FILM, { devicesInUse: 5 })],
  ['a stream whose number is not known: the owner of the leases holds the limit', play(FILM, { streamsInUse: null })],
  ['a kid watches what suits it', play({ ...FILM, maturity: 6 }), { household: household({ ...GROWN_UP, ceiling: 6, isKids: true }) }],
  ['anybody watches what suits everybody, also while identity is silent', play({ ...FILM, maturity: 0 }), { household: null }],
  [
    'a profile with a PIN, after it was given',
    play(),
    { asker: { assurance: 'profile_pin' }, household: household({ ...GROWN_UP, hasEntryPin: true }) },
  ],
  ['what is offered everywhere, in a country that is not known', play(), { asker: { country: '' } }],
  [
    'what is offered in the country that the member claimed, when nothing better is known',
    play(inGermanyOnly(0, 0)),
    { asker: { country: '' }, household: household(GROWN_UP, { country: 'DE' }) },
  ],
  ['the resolution of the plan', play(FILM, { height: 2160 })],
  ['a member manages the account', manageAccount],
  ['a member without a profile manages the account', manageAccount, { asker: { profileId: '' } }],
  ['a lapsed member manages the account: it is the way back', manageAccount, membership({ standing: 'lapsed' })],
  [
    'the account behind its PIN, after it was given',
    manageAccount,
    { asker: { assurance: 'account_pin' }, household: household(GROWN_UP, { hasAccountPin: true }) },
  ],
  ['the account behind its PIN, given, while identity is silent', manageProfiles, { asker: { assurance: 'account_pin' }, household: null }],
  ['an operator operates', operate, { asker: { isOperator: true } }],
  ['an operator who is no member operates', operate, { asker: { isOperator: true, profileId: '' }, entitlement: null, household: null }],
];

describe('what is granted', () => {
  for (const [sentence, question, asking] of GRANTED) {
    it(sentence, () => {
      const verdict = decision(question, asking);
      assert.equal(verdict.kind, 'granted', JSON.stringify(verdict));
    });
  }

  it('a play comes with the bounds of the plan', () => {
    const verdict = decision(play(), membership({ heightMax: 1080, streamsMax: 2 }));
    assert.partialDeepStrictEqual(verdict, { kind: 'granted', heightMax: 1080, streamsMax: 2, offers: [], without: [] });
  });

  it('a title that has more than the plan comes with what would give it', () => {
    const verdict = decision(play(), membership({ heightMax: 720 }));
    assert.partialDeepStrictEqual(verdict, { kind: 'granted', heightMax: 720, offers: ['choose_higher_plan'] });
  });

  it('after half an hour without word of the membership, 720 lines are given, and more when it answers', () => {
    const verdict = decision(play(), { entitlement: old(PREMIUM, HOUR_MS) });
    assert.partialDeepStrictEqual(verdict, { kind: 'granted', heightMax: 720, offers: ['try_again'], without: ['membership'] });
  });

  it('is to be asked again within ten minutes, or when membership or window end before', () => {
    const untilOf = (question: Question, asking?: Asking): unknown => {
      const verdict = decision(question, asking);
      return verdict.kind === 'granted' && verdict.untilMs - NOW_MS;
    };
    assert.equal(untilOf(play()), 600_000);
    assert.equal(untilOf(play(), membership({ changesAtMs: NOW_MS + 120_000 })), 120_000);
    assert.equal(untilOf(play(inGermanyOnly(0, NOW_MS + 90_000))), 90_000);
    assert.equal(untilOf(play(), { entitlement: old(PREMIUM, HOUR_MS / 3) }), 60_000);
    assert.equal(untilOf(play(), membership({ changesAtMs: NOW_MS - 1 })), 600_000, 'a clock that is behind ours ends nothing');
  });

  it('never met a policy that could not be evaluated', () => assert.deepEqual(failed, []));
});
