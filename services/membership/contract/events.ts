/** The log topic of all that happens to members; records are keyed by account id, their values are JSON. Consumers pass over types they do not know. */
export const MEMBERSHIP_TOPIC = 'membership.events';

/** What a plan gave when the member took it. */
export type Terms = {
  readonly planId: string;
  readonly rank: number;
  readonly heightMax: number;
  readonly streamsMax: number;
  readonly downloadDevicesMax: number;
  readonly extraMembersMax: number;
  /** Signed in to watch. 0, or absent as in what was written before plans spoke of them: any number. */
  readonly devicesMax?: number;
};

/** A plan at a price that never changes (`plans`). */
export type Choice = { readonly terms: Terms; readonly priceId: string };
/** The period [fromMs, untilMs) of a plan at a price. */
export type Period = Choice & { readonly fromMs: number; readonly untilMs: number };

/** What happened to a member; the stream of these is the member. `atMs` is the account's own time. */
export type MemberEvent = { readonly atMs: number } & (
  | { readonly type: 'funnel.plan_chosen'; readonly planId: string; readonly country: string }
  | ({ readonly type: 'trial.began'; readonly country: string } & Period)
  | ({ readonly type: 'membership.activated'; readonly country: string } & Period)
  | ({ readonly type: 'membership.rejoined'; readonly country: string } & Period)
  | ({ readonly type: 'membership.renewed' } & Period)
  /** Paid after a payment had failed or been late. */
  | ({ readonly type: 'membership.recovered' } & Period)
  | { readonly type: 'payment.failed'; readonly because: string; readonly holdAtMs: number; readonly lapseAtMs: number }
  | { readonly type: 'membership.held'; readonly because: 'unpaid' | 'renewal_overdue'; readonly lapseAtMs: number }
  | { readonly type: 'membership.lapsed'; readonly because: 'unpaid' | 'cancelled' }
  | { readonly type: 'cancellation.asked'; readonly why: string; readonly endsAtMs: number }
  | { readonly type: 'cancellation.undone' }
  /** Counts now; its price from the next period. */
  | ({ readonly type: 'plan.upgraded' } & Choice)
  /** Counts from the next period. */
  | ({ readonly type: 'plan.change_scheduled' } & Choice)
  /** Back to the plan that the period was paid for. */
  | { readonly type: 'plan.change_dropped' }
  | { readonly type: 'clock.advanced'; readonly byMs: number }
);
export const MEMBER_EVENT_TYPES = [
  'funnel.plan_chosen',
  'trial.began',
  'membership.activated',
  'membership.rejoined',
  'membership.renewed',
  'membership.recovered',
  'payment.failed',
  'membership.held',
  'membership.lapsed',
  'cancellation.asked',
  'cancellation.undone',
  'plan.upgraded',
  'plan.change_scheduled',
  'plan.change_dropped',
  'clock.advanced',
] as const satisfies readonly MemberEvent['type'][];
export type MemberEventType = (typeof MEMBER_EVENT_TYPES)[number];
