import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isOffered } from '@bioscope/catalog/contract';
import { ASSURANCES } from '@bioscope/passport';
import * as fc from 'fast-check';

import { AREAS } from '../contract/index.ts';
import { ACTION_NAMES } from '../src/domain/fallbacks.ts';
import type { Question } from '../src/domain/question.ts';
import {
  STANDINGS,
  type Asker,
  type DeviceRanks,
  type Entitlement,
  type HouseholdFacts,
  type Learned,
  type Seen,
  type TitleFacts,
} from '../src/domain/signals.ts';
import { browse, download, FILM, fresh, GROWN_UP, household, MEMBER, NOW_MS, play, PREMIUM, ranks } from './people.ts';
import { decision, failed, type Asking } from './policies-in-force.ts';

const RUNS = { numRuns: 400 };
const HOUR_MS = 3_600_000;

const ages = fc.constantFrom(0, 6, 12, 16, 18);
const heights = fc.constantFrom(0, 360, 720, 1080, 2160);
const counts = fc.nat({ max: 7 });

function learned<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Learned<T> | null> {
  const told = fc.record({ value, ageMs: fc.nat({ max: 6 * HOUR_MS }), isFresh: fc.boolean() });
  return fc.option(told.map(({ ageMs, ...rest }) => ({ ...rest, learnedAtMs: NOW_MS - (rest.isFresh ? 0 : ageMs) })));
}

const entitlements: fc.Arbitrary<Entitlement> = fc.record({
  standing: fc.constantFrom(...STANDINGS),
  heightMax: heights,
  streamsMax: counts,
  downloadDevicesMax: counts,
  devicesMax: counts,
  changesAtMs: fc.constantFrom(0, NOW_MS - HOUR_MS, NOW_MS + HOUR_MS),
});
const households: fc.Arbitrary<HouseholdFacts | null> = fc.option(
  fc.record({
    hasAccountPin: fc.boolean(),
    country: fc.constantFrom('', 'DE'),
    profiles: fc.array(
      fc.record({ id: fc.constantFrom('profile-1', 'profile-2'), ceiling: ages, isKids: fc.boolean(), hasEntryPin: fc.boolean() }),
      { maxLength: 2 },
    ),
  }),
);
const DEVICES = Array.from({ length: 7 }, (_, place) => `device-${place + 1}`);
/** Some of them, in any order. */
const signedIn: fc.Arbitrary<readonly string[]> = fc.shuffledSubarray(DEVICES, { minLength: 1 });
const deviceRanks: fc.Arbitrary<DeviceRanks> = signedIn.map((ids) => ranks(...ids));
const askers: fc.Arbitrary<Asker> = fc.record({
  accountId: fc.constantFrom('', 'account-1'),
  profileId: fc.constantFrom('', 'profile-1', 'profile-2'),
  deviceId: fc.constantFrom('', ...DEVICES),
  isKids: fc.boolean(),
  isOperator: fc.boolean(),
  assurance: fc.constantFrom(...ASSURANCES),
  country: fc.constantFrom('', 'DE', 'FR'),
  countryFrom: fc.constant('payment'),
});
const times = fc.constantFrom(0, NOW_MS - HOUR_MS, NOW_MS, NOW_MS + HOUR_MS);
const facts: fc.Arbitrary<TitleFacts> = fc.record({
  isPlayable: fc.boolean(),
  maturity: ages,
  windows: fc.array(fc.record({ country: fc.constantFrom('*', 'DE', 'FR'), fromMs: times, untilMs: times }), { maxLength: 3 }),
  heightMax: heights,
});
const titles: fc.Arbitrary<Seen<TitleFacts | null>> = fc.oneof(
  fc.option(facts).map((value) => ({ confidence: 'fresh' as const, value, learnedAtMs: NOW_MS })),
  fc.constant({ confidence: 'unknown' as const }),
);
const questions: fc.Arbitrary<Question> = fc
  .record({
    action: fc.constantFrom(...ACTION_NAMES),
    seen: titles,
    height: heights,
    inUse: fc.option(counts),
    area: fc.constantFrom(...AREAS),
  })
  .map(({ action, seen, height, inUse, area }): Question => {
    const title = { id: 'title-1', facts: seen };
    if (action === 'browse') return { action, title };
    if (action === 'play') return { action, title, height, streamsInUse: inUse };
    if (action === 'download') return { action, title, height, devicesInUse: inUse };
    return action === 'operate' ? { action, area } : { action };
  });

const anything = fc.record({
  question: questions,
  asker: askers,
  entitlement: learned(entitlements),
  household: learned(households),
  devices: learned(deviceRanks),
});
/** Good in most respects, so that what is not good is what decides. */
const mostly = <T>(good: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> => fc.oneof({ weight: 6, arbitrary: fc.constant(good) }, other);
const nearlyGood = fc.record({
  question: fc
    .record({
      action: fc.constantFrom('browse' as const, 'play' as const, 'download' as const),
      maturity: ages,
      windows: mostly(
        FILM.windows,
        facts.map(({ windows }) => windows),
      ),
      isPlayable: mostly(true, fc.boolean()),
      height: mostly(0, heights),
      inUse: mostly<number | null>(0, fc.option(counts)),
    })
    .map(({ action, height, inUse, ...some }): Question => {
      const value = { ...FILM, ...some };
      if (action === 'browse') return browse(value);
      return action === 'play' ? play(value, { height, streamsInUse: inUse }) : download(value, { height, devicesInUse: inUse });
    }),
  asker: mostly(MEMBER, askers),
  entitlement: mostly<Learned<Entitlement> | null>(fresh(PREMIUM), learned(entitlements)),
  household: fc.oneof({ weight: 6, arbitrary: ages.map((ceiling) => household({ ...GROWN_UP, ceiling })) }, learned(households)),
  devices: mostly<Learned<DeviceRanks> | null>(fresh(ranks(MEMBER.deviceId)), learned(deviceRanks)),
});

const about = ({ question }: { question: Question }) =>
  'title' in question && question.title.facts.confidence !== 'unknown' ? question.title.facts.value : null;
const isGranted = (question: Question, asking: Asking): boolean => decision(question, asking).kind === 'granted';

/** Decides about random cases, and sees that enough of them were granted for the property to mean something. */
function ofGranted(
  cases: fc.Arbitrary<{ question: Question } & Required<Omit<Asking, 'nowMs'>>>,
  holds: (one: { question: Question } & Required<Omit<Asking, 'nowMs'>>) => boolean,
): void {
  let granted = 0;
  fc.assert(
    fc.property(cases, (one) => {
      if (!isGranted(one.question, one)) return;
      granted += 1;
      assert.ok(holds(one));
    }),
    RUNS,
  );
  assert.ok(granted >= 10, `only ${granted} were granted`);
}

const isAboutTitles = ({ question }: { question: Question }): boolean => 'title' in question;

describe('whatever else is so', () => {
  const members = fc.oneof(anything, nearlyGood);

  it('who is not known to be entitled watches nothing', () => {
    ofGranted(
      members,
      ({ question, entitlement }) => !['play', 'download'].includes(question.action) || entitlement?.value.standing === 'entitled',
    );
  });

  it('who is known not to be entitled sees no title either', () => {
    ofGranted(members, (one) => !isAboutTitles(one) || one.entitlement === null || one.entitlement.value.standing === 'entitled');
  });

  it('nobody sees a title above the ceiling of the profile', () => {
    ofGranted(members, (one) => {
      const profile = one.household?.value?.profiles.find(({ id }) => id === one.asker.profileId);
      return !isAboutTitles(one) || profile === undefined || (about(one)?.maturity ?? 0) <= profile.ceiling;
    });
  });

  it('nobody sees a title that is not offered in the country', () => {
    ofGranted(members, (one) => {
      const country = one.asker.country === '' ? (one.household?.value?.country ?? '') : (one.asker.country ?? '');
      return !isAboutTitles(one) || isOffered(about(one)?.windows ?? [], { country, atMs: NOW_MS });
    });
  });

  it('a kids profile manages nothing', () => {
    ofGranted(members, ({ question, asker }) => !question.action.startsWith('manage') || asker.isKids !== true);
  });

  it('only operators operate', () => {
    ofGranted(members, ({ question, asker }) => question.action !== 'operate' || (asker.isOperator === true && asker.accountId !== ''));
  });

  it('nothing is granted to visitors', () => {
    ofGranted(members, ({ asker }) => asker.accountId !== '');
  });

  it('nobody watches on a device that signed in after as many as the plan has', () => {
    ofGranted(members, ({ question, asker, entitlement, devices }) => {
      const rank = devices?.isFresh === true ? devices.value.get(asker.deviceId ?? MEMBER.deviceId) : undefined;
      const devicesMax = entitlement?.value.devicesMax ?? 0;
      return question.action !== 'play' || rank === undefined || devicesMax === 0 || rank <= devicesMax;
    });
  });

  it('a grant is bounded in time, and by the plan', () => {
    fc.assert(
      fc.property(members, ({ question, ...asking }) => {
        const verdict = decision(question, asking);
        if (verdict.kind === 'refused') return;
        assert.ok(verdict.untilMs > NOW_MS && verdict.untilMs <= NOW_MS + 600_000);
        assert.ok(verdict.heightMax <= (asking.entitlement?.value.heightMax ?? 0));
        assert.ok(verdict.streamsMax <= (asking.entitlement?.value.streamsMax ?? 0));
      }),
      RUNS,
    );
  });

  it('a refusal has a reason, and no reason twice', () => {
    fc.assert(
      fc.property(members, ({ question, ...asking }) => {
        const verdict = decision(question, asking);
        if (verdict.kind === 'refused') assert.equal(new Set([verdict.because, ...verdict.also]).size, verdict.also.length + 1);
      }),
      RUNS,
    );
  });
});

describe('of the devices of an account', () => {
  const house = fc.record({ ids: signedIn, devicesMax: fc.integer({ min: 1, max: 6 }) });
  const playing = (ids: readonly string[], devicesMax: number): readonly string[] =>
    ids.filter((deviceId) =>
      isGranted(play(), { asker: { deviceId }, entitlement: fresh({ ...PREMIUM, devicesMax }), devices: fresh(ranks(...ids)) }),
    );

  it('exactly as many may watch as the plan has, those that signed in first', () => {
    fc.assert(
      fc.property(house, ({ ids, devicesMax }) => assert.deepEqual(playing(ids, devicesMax), ids.slice(0, devicesMax))),
      RUNS,
    );
  });

  it('the next may watch when one that may signs out, and nobody else loses their place', () => {
    fc.assert(
      fc.property(house, fc.nat(), ({ ids, devicesMax }, some) => {
        const before = playing(ids, devicesMax);
        const leaving = before[some % before.length];
        const stay = ids.filter((id) => id !== leaving);
        const after = playing(stay, devicesMax);
        for (const id of before) if (id !== leaving) assert.ok(after.includes(id), id);
        assert.equal(after.length, Math.min(stay.length, devicesMax));
      }),
      RUNS,
    );
  });
});

describe('what never makes a no a yes', () => {
  const plays = questions.filter((question) => question.action === 'play');

  it('more streams, or more lines', () => {
    fc.assert(
      fc.property(
        fc.record({ question: plays, entitlement: learned(entitlements) }),
        counts,
        heights,
        ({ question, entitlement }, more, height) => {
          if (question.action !== 'play') return;
          const worse = { ...question, streamsInUse: (question.streamsInUse ?? 0) + more, height: Math.max(question.height, height) };
          if (isGranted(worse, { entitlement })) assert.ok(isGranted(question, { entitlement }));
        },
      ),
      RUNS,
    );
  });

  it('a source that falls silent, but for what the table of fallbacks says', () => {
    fc.assert(
      fc.property(fc.oneof(anything, nearlyGood), fc.boolean(), (one, isMembership) => {
        // Identity tells both, of the household and of its devices.
        const silent = isMembership ? { ...one, entitlement: null } : { ...one, household: null, devices: null };
        if (!isGranted(one.question, silent) || isGranted(one.question, one)) return;
        const { action } = one.question;
        // browse goes on without membership; everybody's titles go without a profile; whether somebody is a kid is the passport's word.
        const isSaid = isMembership ? action === 'browse' : action.startsWith('manage') || about(one)?.maturity === 0;
        assert.ok(isSaid, JSON.stringify(one));
      }),
      { numRuns: 1_000 },
    );
  });

  it('getting older: what a source told counts for less and less', () => {
    fc.assert(
      fc.property(nearlyGood, fc.nat({ max: 6 * HOUR_MS }), (one, moreMs) => {
        if (one.entitlement === null || one.question.action === 'browse') return;
        const ageMs = NOW_MS - one.entitlement.learnedAtMs + moreMs;
        const older = { ...one.entitlement, isFresh: false, learnedAtMs: NOW_MS - ageMs };
        if (isGranted(one.question, { ...one, entitlement: older })) assert.ok(isGranted(one.question, one));
      }),
      RUNS,
    );
  });

  it('never met a policy that could not be evaluated', () => assert.deepEqual(failed, []));
});
