import type { MemberEventType } from '../../contract/events.ts';
import type { MemberState } from './member.ts';

export const COMMANDS = [
  'choose_plan',
  'begin_trial',
  'activate',
  'renew',
  'fail_payment',
  'cancel',
  'undo_cancel',
  'change_plan',
  'cancel_plan_change',
  'catch_up',
  'advance_clock',
] as const;
export type CommandType = (typeof COMMANDS)[number];

export const REFUSALS = [
  'not_a_member',
  'already_member',
  'payment_due',
  'cancelled',
  'trial_used',
  'plan_not_offered_here',
  'nothing_due',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What a command comes to in a state: the events that it may write (with none of them it is already so), or why it is refused. */
export type Rule = { readonly may: readonly MemberEventType[] } | { readonly refuses: Refusal };

/** The life of a member: state × command. What time alone brings about is in `passing-time.ts`. */
export const TABLE: Readonly<Record<CommandType, Readonly<Record<MemberState, Rule>>>> = {
  choose_plan: row({
    none: may('funnel.plan_chosen'),
    funnel: may('funnel.plan_chosen'),
    lapsed: may('funnel.plan_chosen'),
    members: refuses('already_member'),
  }),
  begin_trial: row({
    none: may('trial.began'),
    funnel: may('trial.began'),
    lapsed: refuses('trial_used'),
    members: refuses('already_member'),
  }),
  activate: row({
    none: may('membership.activated'),
    funnel: may('membership.activated'),
    lapsed: may('membership.rejoined'),
    members: refuses('already_member'),
  }),
  // Money that was taken always buys its period, also when the member left meanwhile.
  renew: {
    none: refuses('not_a_member'),
    funnel: refuses('not_a_member'),
    trial: may('membership.renewed'),
    active: may('membership.renewed'),
    past_due: may('membership.recovered'),
    on_hold: may('membership.recovered'),
    ending: may('membership.renewed'),
    lapsed: may('membership.recovered'),
  },
  fail_payment: {
    none: refuses('not_a_member'),
    funnel: refuses('not_a_member'),
    trial: may('payment.failed'),
    active: may('payment.failed'),
    past_due: may('payment.failed'),
    on_hold: may('payment.failed'),
    ending: refuses('nothing_due'),
    lapsed: refuses('nothing_due'),
  },
  cancel: {
    none: refuses('not_a_member'),
    funnel: refuses('not_a_member'),
    trial: may('cancellation.asked'),
    active: may('cancellation.asked'),
    past_due: may('membership.lapsed'),
    on_hold: may('membership.lapsed'),
    ending: may(),
    lapsed: may(),
  },
  undo_cancel: {
    none: refuses('not_a_member'),
    funnel: refuses('not_a_member'),
    trial: may(),
    active: may(),
    past_due: may(),
    on_hold: may(),
    ending: may('cancellation.undone'),
    lapsed: refuses('not_a_member'),
  },
  change_plan: {
    none: refuses('not_a_member'),
    funnel: refuses('not_a_member'),
    trial: may('plan.upgraded', 'plan.change_scheduled', 'plan.change_dropped'),
    active: may('plan.upgraded', 'plan.change_scheduled', 'plan.change_dropped'),
    past_due: refuses('payment_due'),
    on_hold: refuses('payment_due'),
    ending: refuses('cancelled'),
    lapsed: refuses('not_a_member'),
  },
  cancel_plan_change: {
    none: refuses('not_a_member'),
    funnel: refuses('not_a_member'),
    trial: may('plan.change_dropped'),
    active: may('plan.change_dropped'),
    past_due: refuses('payment_due'),
    on_hold: refuses('payment_due'),
    ending: refuses('cancelled'),
    lapsed: refuses('not_a_member'),
  },
  // Writes down what time has brought about, which every command does first.
  catch_up: everywhere(may()),
  advance_clock: everywhere(may('clock.advanced')),
};

function may(...types: readonly MemberEventType[]): Rule {
  return { may: types };
}

function refuses(because: Refusal): Rule {
  return { refuses: because };
}

function row({ none, funnel, lapsed, members }: Record<'none' | 'funnel' | 'lapsed' | 'members', Rule>): Record<MemberState, Rule> {
  return { ...everywhere(members), none, funnel, lapsed };
}

function everywhere(rule: Rule): Record<MemberState, Rule> {
  return { none: rule, funnel: rule, trial: rule, active: rule, past_due: rule, on_hold: rule, ending: rule, lapsed: rule };
}
