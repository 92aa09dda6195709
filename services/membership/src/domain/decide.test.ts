import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { DAY_MS, MADE, memberOf, period, START_MS, terms } from '../../test/made-members.ts';
import { decide, type Command } from './decide.ts';
import { entitlementAt } from './entitlement.ts';
import { foldMember, MEMBER_STATES, NOBODY, type Member } from './member.ts';
import { memberAt, passingTime, RENEWAL_GRACE_MS } from './passing-time.ts';
import { COMMANDS, TABLE, type CommandType } from './table.ts';

/** Each command as somebody would send it to a member at that time. */
function commandFor(type: CommandType, member: Member, nowMs: number): Command {
  switch (type) {
    case 'choose_plan':
      return { type, planId: 'basic', country: 'DE' };
    case 'begin_trial':
    case 'activate':
      return { type, country: 'DE', ...period(nowMs) };
    case 'renew':
      return { type, ...period(Math.max(member.untilMs, nowMs)) };
    case 'fail_payment':
      return { type, because: 'insufficient_funds', holdAtMs: member.untilMs + 7 * DAY_MS, lapseAtMs: member.untilMs + 28 * DAY_MS };
    case 'cancel':
      return { type, why: '' };
    case 'change_plan':
      return { type, terms: terms('premium'), priceId: 'premium.DE.2026-01' };
    case 'advance_clock':
      return { type, byMs: DAY_MS };
    case 'undo_cancel':
    case 'cancel_plan_change':
    case 'catch_up':
      return { type };
    default:
      return type satisfies never;
  }
}

function after(member: Member, command: Command, nowMs: number): Member {
  const decision = decide(member, command, nowMs);
  assert.equal(decision.kind, 'events', `${command.type} is refused`);
  return decision.kind === 'events' ? [...passingTime(member, nowMs), ...decision.events].reduce(foldMember, member) : member;
}

describe('the table', () => {
  for (const type of COMMANDS)
    for (const state of MEMBER_STATES)
      it(`is kept when ${type} comes to a member who is ${state}`, () => {
        const { member, nowMs } = MADE[state];
        assert.equal(memberAt(member, nowMs).state, state);
        const rule = TABLE[type][state];
        const decision = decide(member, commandFor(type, member, nowMs), nowMs);
        if ('refuses' in rule) return assert.deepEqual(decision, { kind: 'refused', because: rule.refuses });
        assert.equal(decision.kind, 'events');
        if (decision.kind !== 'events') return undefined;
        assert.ok(decision.events.every((event) => rule.may.includes(event.type)));
        // To drop a change there must be one.
        const hasNothingToDo = rule.may.length === 0 || type === 'cancel_plan_change';
        return assert.equal(decision.events.length, hasNothingToDo ? 0 : 1);
      });
});

describe('a cancelled member', () => {
  it('watches until the end of the period and not a millisecond longer, whether or not a job runs', () => {
    const { member } = MADE.ending;
    assert.partialDeepStrictEqual(entitlementAt(member, member.untilMs - 1), { reason: 'ending', untilMs: member.untilMs });
    assert.deepEqual(entitlementAt(member, member.untilMs), { state: 'lapsed', terms: null, reason: 'lapsed', untilMs: 0, changesAtMs: 0 });
  });

  it('goes on as before when the cancellation is undone, a trial as a trial', () => {
    for (const state of ['active', 'trial'] as const) {
      const { member, nowMs } = MADE[state];
      const undone = after(after(member, { type: 'cancel', why: '' }, nowMs), { type: 'undo_cancel' }, nowMs);
      assert.deepEqual(undone, member);
    }
  });

  it('loses a better plan that was not paid for', () => {
    const { member, nowMs } = MADE.active;
    const upgraded = after(member, { type: 'change_plan', terms: terms('premium'), priceId: 'p' }, nowMs);
    assert.equal(upgraded.terms?.planId, 'premium');
    const cancelled = after(upgraded, { type: 'cancel', why: '' }, nowMs);
    assert.deepEqual([cancelled.terms?.planId, cancelled.renewal?.terms.planId], ['standard', 'standard']);
  });

  it('who rejoins is billed anew and known as one who came back', () => {
    const { member, nowMs } = MADE.lapsed;
    const decision = decide(member, { type: 'activate', country: 'DE', ...period(nowMs, 'basic') }, nowMs);
    assert.partialDeepStrictEqual(decision, { kind: 'events', events: [{ type: 'membership.rejoined', fromMs: nowMs }] });
  });
});

describe('a change of plan', () => {
  const { member, nowMs } = MADE.active;
  const to = (planId: 'basic' | 'standard' | 'premium'): Command => ({
    type: 'change_plan',
    terms: terms(planId),
    priceId: `${planId}.new`,
  });
  const plans = (of: Member): unknown => [of.terms?.planId, of.renewal?.terms.planId];

  it('upwards counts at once, and its price from the next period', () => {
    const upgraded = after(member, to('premium'), nowMs);
    assert.deepEqual(plans(upgraded), ['premium', 'premium']);
    assert.equal(upgraded.paid?.terms.planId, 'standard');
    assert.equal(upgraded.untilMs, member.untilMs);
  });

  it('downwards waits for the end of the period and can be taken back', () => {
    const scheduled = after(member, to('basic'), nowMs);
    assert.deepEqual(plans(scheduled), ['standard', 'basic']);
    assert.deepEqual(after(scheduled, { type: 'cancel_plan_change' }, nowMs), member);
    assert.deepEqual(after(scheduled, to('standard'), nowMs), member);
    const renewed = after(scheduled, { type: 'renew', ...period(member.untilMs, 'basic'), priceId: 'basic.new' }, member.untilMs);
    assert.deepEqual(plans(renewed), ['basic', 'basic']);
  });

  it('up and down again before paying gives nothing for nothing', () => {
    assert.deepEqual(plans(after(after(member, to('premium'), nowMs), to('basic'), nowMs)), ['standard', 'basic']);
  });

  it('asked for while the renewal was being paid outlives it', () => {
    const upgraded = after(member, to('premium'), nowMs);
    const renewed = after(upgraded, { type: 'renew', ...period(member.untilMs, 'standard') }, member.untilMs);
    assert.deepEqual(plans(renewed), ['premium', 'premium']);
    assert.equal(renewed.paid?.terms.planId, 'standard');
  });
});

describe('a missing payment', () => {
  it('lets watch until the hold, holds until the lapse, and is mended by paying', () => {
    const { member } = MADE.past_due;
    const reasonAt = (atMs: number): string => entitlementAt(member, atMs).reason;
    assert.deepEqual([member.holdAtMs - 1, member.holdAtMs, member.lapseAtMs - 1, member.lapseAtMs].map(reasonAt), [
      'past_due',
      'on_hold',
      'on_hold',
      'lapsed',
    ]);
    const paid = after(member, { type: 'renew', ...period(member.holdAtMs) }, member.holdAtMs);
    assert.deepEqual([paid.state, paid.holdAtMs, paid.lapseAtMs], ['active', 0, 0]);
  });

  it('of which billing did not tell cuts nobody off within a day, and holds after it', () => {
    const { member } = MADE.active;
    assert.equal(entitlementAt(member, member.untilMs).reason, 'renewal_pending');
    assert.equal(entitlementAt(member, member.untilMs + RENEWAL_GRACE_MS - 1).reason, 'renewal_pending');
    assert.equal(entitlementAt(member, member.untilMs + RENEWAL_GRACE_MS).reason, 'on_hold');
  });

  it('that is paid after the member left buys its period all the same', () => {
    const { member, nowMs } = MADE.lapsed;
    assert.equal(after(member, { type: 'renew', ...period(nowMs) }, nowMs).state, 'active');
  });
});

describe('any life', () => {
  const steps = fc.array(fc.record({ type: fc.constantFrom(...COMMANDS), waitMs: fc.integer({ min: 0, max: 40 * DAY_MS }) }), {
    maxLength: 40,
  });

  it('keeps to the table, lets nobody watch beyond what was paid, tried or granted, and never asks for a job to have run', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(steps, (life) => {
        let member: Member = NOBODY;
        let nowMs = START_MS;
        let boughtUntilMs = 0;
        for (const { type, waitMs } of life) {
          nowMs += waitMs;
          const current = memberAt(member, nowMs);
          // Looking in between changes nothing.
          const between = memberAt(member, nowMs - Math.floor(waitMs / 2));
          assert.deepEqual(memberAt(between, nowMs), current);
          assert.deepEqual(passingTime(current, nowMs), []);
          const decision = decide(member, commandFor(type, current, nowMs), nowMs);
          const rule = TABLE[type][current.state];
          assert.equal(decision.kind === 'refused', 'refuses' in rule);
          if (decision.kind === 'refused') continue;
          for (const event of decision.events) {
            assert.ok('may' in rule && rule.may.includes(event.type));
            if ('untilMs' in event) boughtUntilMs = Math.max(boughtUntilMs, event.untilMs);
            if (event.type === 'payment.failed') assert.ok(event.holdAtMs <= boughtUntilMs + 7 * DAY_MS);
          }
          member = [...passingTime(member, nowMs), ...decision.events].reduce(foldMember, member);
          seen.add(member.state);
          const { terms, untilMs } = entitlementAt(member, nowMs);
          if (terms !== null) assert.ok(nowMs < untilMs && untilMs <= boughtUntilMs + 7 * DAY_MS, `${member.state} until ${untilMs}`);
          if (terms === null) assert.ok(['none', 'funnel', 'on_hold', 'lapsed'].includes(memberAt(member, nowMs).state));
        }
      }),
      { numRuns: 300 },
    );
    assert.deepEqual([...seen].sort(), [...MEMBER_STATES].sort());
  });

  it('says when its answer changes: nothing changes before', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MEMBER_STATES), fc.nat(100 * DAY_MS), fc.nat(100 * DAY_MS), (state, sinceMs, waitMs) => {
        const { member, nowMs } = MADE[state];
        const atMs = nowMs + sinceMs;
        const first = entitlementAt(member, atMs);
        const laterMs = first.changesAtMs === 0 ? atMs + waitMs : Math.min(atMs + waitMs, first.changesAtMs - 1);
        assert.deepEqual(entitlementAt(member, laterMs), first);
      }),
    );
  });

  it('begins with nobody, who may not watch', () => {
    assert.deepEqual(entitlementAt(memberOf(), START_MS), {
      state: 'none',
      terms: null,
      reason: 'never_member',
      untilMs: 0,
      changesAtMs: 0,
    });
  });
});
