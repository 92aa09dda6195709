import type { Choice, MemberEvent, Terms } from '../../contract/events.ts';

export const MEMBER_STATES = ['none', 'funnel', 'trial', 'active', 'past_due', 'on_hold', 'ending', 'lapsed'] as const;
export type MemberState = (typeof MEMBER_STATES)[number];

/** A member as its events add up: what was written down. What time alone has brought about since is in `passingTime`. */
export type Member = {
  readonly state: MemberState;
  /** What counts now; null before the first period. */
  readonly terms: Terms | null;
  /** What the current period was paid for (or tried). */
  readonly paid: Choice | null;
  /** What the next period will be. */
  readonly renewal: Choice | null;
  /** Empty before a plan was chosen. */
  readonly country: string;
  /** The current or last period [fromMs, untilMs). */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Zero while no payment is missing. */
  readonly holdAtMs: number;
  readonly lapseAtMs: number;
  /** Whether the current period is a trial; what undoing a cancellation goes back to. */
  readonly isTrial: boolean;
  readonly wasMember: boolean;
  /** How far the account's clock is ahead of the real one. */
  readonly aheadMs: number;
};

export const NOBODY: Member = {
  state: 'none',
  terms: null,
  paid: null,
  renewal: null,
  country: '',
  fromMs: 0,
  untilMs: 0,
  holdAtMs: 0,
  lapseAtMs: 0,
  isTrial: false,
  wasMember: false,
  aheadMs: 0,
};

export function foldMember(member: Member, event: MemberEvent): Member {
  switch (event.type) {
    case 'funnel.plan_chosen':
      return { ...member, state: member.state === 'lapsed' ? 'lapsed' : 'funnel', country: event.country };
    case 'trial.began':
      return { ...inPeriod(member, event), state: 'trial', country: event.country, isTrial: true };
    case 'membership.activated':
    case 'membership.rejoined':
      return { ...inPeriod(member, event), state: 'active', country: event.country };
    case 'membership.renewed':
    case 'membership.recovered':
      // Whoever cancelled while the payment was under way watches what was paid for, and no longer.
      return { ...inPeriod(member, event), state: member.state === 'ending' ? 'ending' : 'active' };
    case 'payment.failed': {
      const { holdAtMs, lapseAtMs } = event;
      return { ...member, state: event.atMs >= holdAtMs ? 'on_hold' : 'past_due', holdAtMs, lapseAtMs };
    }
    case 'membership.held':
      return { ...member, state: 'on_hold', holdAtMs: event.atMs, lapseAtMs: event.lapseAtMs };
    case 'membership.lapsed':
      return { ...member, state: 'lapsed', holdAtMs: 0, lapseAtMs: 0 };
    case 'cancellation.asked':
      return { ...withoutUpgrade(member), state: 'ending' };
    case 'cancellation.undone':
      return { ...member, state: member.isTrial ? 'trial' : 'active' };
    case 'plan.upgraded': {
      const { terms, priceId } = event;
      return { ...member, terms, renewal: { terms, priceId } };
    }
    case 'plan.change_scheduled': {
      const { terms, priceId } = event;
      return { ...member, terms: member.paid?.terms ?? member.terms, renewal: { terms, priceId } };
    }
    case 'plan.change_dropped':
      return { ...member, terms: member.paid?.terms ?? member.terms, renewal: member.paid };
    case 'clock.advanced':
      return { ...member, aheadMs: member.aheadMs + event.byMs };
    default:
      return event satisfies never;
  }
}

function inPeriod(member: Member, { terms, priceId, fromMs, untilMs }: Choice & { fromMs: number; untilMs: number }): Member {
  const paid = { terms, priceId };
  // A change asked for while the payment was under way is not lost by it.
  const isStillWanted = member.renewal !== null && member.renewal.priceId !== priceId && member.renewal.priceId !== member.paid?.priceId;
  const renewal = isStillWanted && member.state !== 'lapsed' ? member.renewal : paid;
  const counts = renewal !== null && renewal.terms.rank > terms.rank ? renewal.terms : terms;
  return { ...member, terms: counts, paid, renewal, fromMs, untilMs, holdAtMs: 0, lapseAtMs: 0, isTrial: false, wasMember: true };
}

/** A better plan that was not paid for yet ends with the cancellation. */
function withoutUpgrade(member: Member): Member {
  const { paid, renewal } = member;
  if (paid === null || renewal === null || renewal.terms.rank <= paid.terms.rank) return member;
  return { ...member, terms: paid.terms, renewal: paid };
}
