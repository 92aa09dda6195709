import type { MessageInitShape } from '@bufbuild/protobuf';

import {
  MemberState as State,
  Refusal as Refused,
  type ChangeResponseSchema,
  type MembershipSchema,
  type Terms,
} from '../../contract/index.ts';
import type { Changed, MemberNow } from '../change-member.ts';
import type { MemberState } from '../domain/member.ts';
import type { Refusal } from '../domain/table.ts';

/** A member as others see them. */
export function membershipView({ accountId, member, version, nowMs }: MemberNow): MessageInitShape<typeof MembershipSchema> {
  return {
    accountId,
    state: STATES[member.state],
    ...(member.terms === null ? {} : { plan: termsView(member.terms) }),
    renewalPriceId: member.renewal?.priceId ?? '',
    renewalPlanId: member.renewal?.terms.planId ?? '',
    country: member.country,
    periodFromMs: member.fromMs,
    periodUntilMs: member.untilMs,
    holdAtMs: member.holdAtMs,
    lapseAtMs: member.lapseAtMs,
    wasMember: member.wasMember,
    version,
    nowMs,
    clockAheadMs: member.aheadMs,
  };
}

export function changeView({ refused, now }: Changed): MessageInitShape<typeof ChangeResponseSchema> {
  return { refused: refused === null ? Refused.NONE : REFUSED[refused], membership: membershipView(now) };
}

export function stateView(state: MemberState): State {
  return STATES[state];
}

function termsView({ planId, rank, heightMax, streamsMax, downloadDevicesMax, extraMembersMax, devicesMax = 0 }: Terms): Terms {
  return { planId, rank, heightMax, streamsMax, downloadDevicesMax, extraMembersMax, devicesMax };
}

const STATES: Readonly<Record<MemberState, State>> = {
  none: State.NONE,
  funnel: State.FUNNEL,
  trial: State.TRIAL,
  active: State.ACTIVE,
  past_due: State.PAST_DUE,
  on_hold: State.ON_HOLD,
  ending: State.ENDING,
  lapsed: State.LAPSED,
};
const REFUSED: Readonly<Record<Refusal, Refused>> = {
  not_a_member: Refused.NOT_A_MEMBER,
  already_member: Refused.ALREADY_MEMBER,
  payment_due: Refused.PAYMENT_DUE,
  cancelled: Refused.CANCELLED,
  trial_used: Refused.TRIAL_USED,
  plan_not_offered_here: Refused.PLAN_NOT_OFFERED_HERE,
  nothing_due: Refused.NOTHING_DUE,
};
