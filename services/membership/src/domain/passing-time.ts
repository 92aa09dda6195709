import type { MemberEvent } from '../../contract/events.ts';
import { foldMember, type Member } from './member.ts';

/** A period that ended without word of a payment lets its member watch on for this long: billing may be late, members who pay are not cut off by that. */
export const RENEWAL_GRACE_MS = 86_400_000;
/** Counted from the end of the period: then an unpaid membership is over. */
export const LAPSE_AFTER_MS = 28 * 86_400_000;

/** What time alone has brought about by `nowMs` and is not written down yet, in order. No job has to run for it to be so. */
export function passingTime(member: Member, nowMs: number): readonly MemberEvent[] {
  const events: MemberEvent[] = [];
  let current = member;
  for (let event = nextOfTime(current); event !== null && event.atMs <= nowMs; event = nextOfTime(current)) {
    events.push(event);
    current = foldMember(current, event);
  }
  return events;
}

/** The member at a time, as events and time make it. */
export function memberAt(member: Member, nowMs: number): Member {
  return passingTime(member, nowMs).reduce(foldMember, member);
}

/**
 * How far a test clock goes of what it is asked to: not beyond the end of a period that is to be renewed, for the payment has to be taken at its time. Who
 * wants to go further asks again when the next period is there.
 */
export function reachOfClock({ state, untilMs }: Member, byMs: number, nowMs: number): number {
  const isToBeRenewed = state === 'trial' || state === 'active';
  return isToBeRenewed && nowMs < untilMs ? Math.min(byMs, untilMs - nowMs) : byMs;
}

/** What comes next if nothing is done; `on_hold` follows from `active`, `lapsed` from `on_hold`, nothing from `lapsed`: so this ends. */
function nextOfTime({ state, untilMs, holdAtMs, lapseAtMs }: Member): MemberEvent | null {
  switch (state) {
    case 'trial':
    case 'active':
      return {
        type: 'membership.held',
        atMs: untilMs + RENEWAL_GRACE_MS,
        because: 'renewal_overdue',
        lapseAtMs: untilMs + LAPSE_AFTER_MS,
      };
    case 'past_due':
      return { type: 'membership.held', atMs: holdAtMs, because: 'unpaid', lapseAtMs };
    case 'on_hold':
      return { type: 'membership.lapsed', atMs: lapseAtMs, because: 'unpaid' };
    case 'ending':
      return { type: 'membership.lapsed', atMs: untilMs, because: 'cancelled' };
    case 'none':
    case 'funnel':
    case 'lapsed':
      return null;
    default:
      return state satisfies never;
  }
}
