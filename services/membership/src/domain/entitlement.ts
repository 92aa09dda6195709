import type { Terms } from '../../contract/events.ts';
import type { Member, MemberState } from './member.ts';
import { memberAt, RENEWAL_GRACE_MS } from './passing-time.ts';

export type Entitlement = {
  readonly state: MemberState;
  /** Null: may not watch. */
  readonly terms: Terms | null;
  /** Member-safe. */
  readonly reason:
    | 'member'
    | 'trial'
    | 'renewal_pending'
    | 'past_due'
    | 'ending'
    | 'never_member'
    | 'payment_needed'
    | 'on_hold'
    | 'lapsed';
  /** When it ends, as far as is known; zero when there is none. */
  readonly untilMs: number;
  /** When the answer is another one by time alone; zero: never. */
  readonly changesAtMs: number;
};

/** What a member may do at a time: from its events and that time alone. */
export function entitlementAt(written: Member, atMs: number): Entitlement {
  const member = memberAt(written, atMs);
  const { state, terms, untilMs, holdAtMs, lapseAtMs } = member;
  switch (state) {
    case 'none':
      return { state, terms: null, reason: 'never_member', untilMs: 0, changesAtMs: 0 };
    case 'funnel':
      return { state, terms: null, reason: 'payment_needed', untilMs: 0, changesAtMs: 0 };
    case 'trial':
    case 'active': {
      const graceEndsMs = untilMs + RENEWAL_GRACE_MS;
      if (atMs >= untilMs) return { state, terms, reason: 'renewal_pending', untilMs: graceEndsMs, changesAtMs: graceEndsMs };
      return { state, terms, reason: state === 'trial' ? 'trial' : 'member', untilMs, changesAtMs: untilMs };
    }
    case 'past_due':
      return { state, terms, reason: 'past_due', untilMs: holdAtMs, changesAtMs: holdAtMs };
    case 'ending':
      return { state, terms, reason: 'ending', untilMs, changesAtMs: untilMs };
    case 'on_hold':
      return { state, terms: null, reason: 'on_hold', untilMs: 0, changesAtMs: lapseAtMs };
    case 'lapsed':
      return { state, terms: null, reason: 'lapsed', untilMs: 0, changesAtMs: 0 };
    default:
      return state satisfies never;
  }
}
