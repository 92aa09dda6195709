import type { Choice, MemberEvent, Period } from '../../contract/events.ts';
import type { Member } from './member.ts';
import { memberAt } from './passing-time.ts';
import { TABLE, type Refusal } from './table.ts';

export type Command =
  | { readonly type: 'choose_plan'; readonly planId: string; readonly country: string }
  | ({ readonly type: 'begin_trial'; readonly country: string } & Period)
  | ({ readonly type: 'activate'; readonly country: string } & Period)
  | ({ readonly type: 'renew' } & Period)
  | { readonly type: 'fail_payment'; readonly because: string; readonly holdAtMs: number; readonly lapseAtMs: number }
  | { readonly type: 'cancel'; readonly why: string }
  | { readonly type: 'undo_cancel' }
  | ({ readonly type: 'change_plan' } & Choice)
  | { readonly type: 'cancel_plan_change' }
  | { readonly type: 'catch_up' }
  | { readonly type: 'advance_clock'; readonly byMs: number };

/** Events to append (none: it is already so), or the reason why not. */
export type Decision =
  | { readonly kind: 'events'; readonly events: readonly MemberEvent[] }
  | { readonly kind: 'refused'; readonly because: Refusal };

/** What a command comes to for a member at a time (the account's own). What time has brought about is taken into account and not among the events. */
export function decide(written: Member, command: Command, nowMs: number): Decision {
  const member = memberAt(written, nowMs);
  const rule = TABLE[command.type][member.state];
  if ('refuses' in rule) return { kind: 'refused', because: rule.refuses };
  if (rule.may.length === 0) return { kind: 'events', events: [] };
  return { kind: 'events', events: eventsOf(member, command, nowMs) };
}

function eventsOf(member: Member, command: Command, atMs: number): readonly MemberEvent[] {
  switch (command.type) {
    case 'choose_plan':
      return [{ type: 'funnel.plan_chosen', atMs, planId: command.planId, country: command.country }];
    case 'begin_trial':
      return [{ type: 'trial.began', atMs, country: command.country, ...periodOf(command) }];
    case 'activate':
      return [
        {
          type: member.wasMember ? 'membership.rejoined' : 'membership.activated',
          atMs,
          country: command.country,
          ...periodOf(command),
        },
      ];
    case 'renew': {
      const wasPaidInTime = member.state === 'trial' || member.state === 'active' || member.state === 'ending';
      return [{ type: wasPaidInTime ? 'membership.renewed' : 'membership.recovered', atMs, ...periodOf(command) }];
    }
    case 'fail_payment': {
      const { because, holdAtMs, lapseAtMs } = command;
      return [{ type: 'payment.failed', atMs, because, holdAtMs, lapseAtMs }];
    }
    case 'cancel':
      // Nothing is paid for when a payment is missing: there is no period to wait for.
      return member.state === 'past_due' || member.state === 'on_hold'
        ? [{ type: 'membership.lapsed', atMs, because: 'cancelled' }]
        : [{ type: 'cancellation.asked', atMs, why: command.why, endsAtMs: member.untilMs }];
    case 'undo_cancel':
      return [{ type: 'cancellation.undone', atMs }];
    case 'change_plan':
      return planChange(member, command, atMs);
    case 'cancel_plan_change':
      return dropChange(member, atMs);
    case 'catch_up':
      return [];
    case 'advance_clock':
      return [{ type: 'clock.advanced', atMs, byMs: command.byMs }];
    default:
      return command satisfies never;
  }
}

/** Measured against what the period was paid for, so that a better plan is never had for nothing: to change down again before paying ends it at once. */
function planChange(member: Member, { terms, priceId }: Choice, atMs: number): readonly MemberEvent[] {
  const { paid, renewal } = member;
  if (paid === null || terms.planId === paid.terms.planId) return dropChange(member, atMs);
  if (renewal?.terms.planId === terms.planId) return [];
  return [{ type: terms.rank > paid.terms.rank ? 'plan.upgraded' : 'plan.change_scheduled', atMs, terms, priceId }];
}

function dropChange({ paid, renewal }: Member, atMs: number): readonly MemberEvent[] {
  return renewal?.terms.planId === paid?.terms.planId ? [] : [{ type: 'plan.change_dropped', atMs }];
}

function periodOf({ terms, priceId, fromMs, untilMs }: Period): Period {
  return { terms, priceId, fromMs, untilMs };
}
