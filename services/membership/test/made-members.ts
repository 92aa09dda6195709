import type { MemberEvent, Period, Terms } from '../contract/index.ts';
import { foldMember, NOBODY, type Member, type MemberState } from '../src/domain/member.ts';

export const DAY_MS = 86_400_000;
/** When the lives of made members begin. */
export const START_MS = Date.parse('2026-01-31T12:00:00Z');

export function terms(planId: 'basic' | 'standard' | 'premium'): Terms {
  return {
    basic: { planId, rank: 2, heightMax: 720, streamsMax: 1, downloadDevicesMax: 1, extraMembersMax: 0, devicesMax: 2 },
    standard: { planId, rank: 3, heightMax: 1080, streamsMax: 2, downloadDevicesMax: 2, extraMembersMax: 1, devicesMax: 5 },
    premium: { planId, rank: 4, heightMax: 2160, streamsMax: 4, downloadDevicesMax: 6, extraMembersMax: 2, devicesMax: 10 },
  }[planId];
}

/** 28 days of a plan. */
export function period(fromMs: number, planId: 'basic' | 'standard' | 'premium' = 'standard'): Period {
  return { terms: terms(planId), priceId: `${planId}.DE.2026-01`, fromMs, untilMs: fromMs + 28 * DAY_MS };
}

export function memberOf(...events: readonly MemberEvent[]): Member {
  return events.reduce(foldMember, NOBODY);
}

const activated: MemberEvent = { type: 'membership.activated', atMs: START_MS, country: 'DE', ...period(START_MS) };
const END_MS = START_MS + 28 * DAY_MS;
const failed: MemberEvent = {
  type: 'payment.failed',
  atMs: END_MS,
  because: 'insufficient_funds',
  holdAtMs: END_MS + 7 * DAY_MS,
  lapseAtMs: END_MS + 28 * DAY_MS,
};
const heldAtMs = END_MS + 7 * DAY_MS;

/** A member in each state, and a time at which they are in it. */
export const MADE: Readonly<Record<MemberState, { readonly member: Member; readonly nowMs: number }>> = {
  none: { member: NOBODY, nowMs: START_MS },
  funnel: { member: memberOf({ type: 'funnel.plan_chosen', atMs: START_MS, planId: 'basic', country: 'DE' }), nowMs: START_MS },
  trial: { member: memberOf({ type: 'trial.began', atMs: START_MS, country: 'DE', ...period(START_MS) }), nowMs: START_MS + DAY_MS },
  active: { member: memberOf(activated), nowMs: START_MS + DAY_MS },
  past_due: { member: memberOf(activated, failed), nowMs: END_MS + DAY_MS },
  on_hold: {
    member: memberOf(activated, failed, { type: 'membership.held', atMs: heldAtMs, because: 'unpaid', lapseAtMs: failed.lapseAtMs }),
    nowMs: heldAtMs + DAY_MS,
  },
  ending: {
    member: memberOf(activated, { type: 'cancellation.asked', atMs: START_MS, why: '', endsAtMs: END_MS }),
    nowMs: START_MS + DAY_MS,
  },
  lapsed: {
    member: memberOf(activated, { type: 'membership.lapsed', atMs: END_MS, because: 'unpaid' }),
    nowMs: END_MS + DAY_MS,
  },
};
