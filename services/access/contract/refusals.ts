/**
 * Why not. The first that stands is said to who asks, the others follow in `also`: who is asking comes before what they pay for, that before who is watching,
 * that before the title, and limits last. Codes are never reused; texts are the apps'.
 */
export const REFUSALS = [
  /** Nobody is signed in. */
  'sign_in_needed',
  /** Only for operators of the service. */
  'operators_only',
  /** The account was never a member: no plan was chosen. */
  'never_member',
  /** A plan was chosen and not paid for. */
  'payment_needed',
  /** A payment is overdue. */
  'on_hold',
  /** Was a member and is none now. */
  'lapsed',
  /** Membership does not answer and what was last known is too old. */
  'membership_unknown',
  /** No profile was chosen, or it is gone. */
  'profile_needed',
  /** The profile asks for its PIN. */
  'profile_pin_needed',
  /** Only for grown-ups: a kids profile cannot. */
  'kids_profile',
  /** The account asks for its PIN. */
  'account_pin_needed',
  /** Whether the account has a PIN is not to be had. */
  'account_unknown',
  /** There is no such title (any more). */
  'no_such_title',
  /** The catalog does not answer and never told of this title. */
  'title_unknown',
  /** For elder viewers than this profile's ceiling. */
  'above_maturity',
  /** The ceiling of this profile is not to be had, and the title is not for everybody. */
  'profile_unknown',
  /** Not offered in this country. */
  'not_in_country',
  /** It depends on the country whether it is offered, and the country is not known. */
  'country_unknown',
  /** Will be offered here later; `lifts_at_ms` says when. */
  'not_yet_offered',
  /** Was offered here. */
  'no_longer_offered',
  /** Being prepared: nothing to play yet. */
  'not_ready',
  /** The plan has lower resolutions only. */
  'above_plan_resolution',
  /** The plan has it; without fresh word of the membership a lower one is given. */
  'resolution_not_now',
  /** The plan's streams are all in use. */
  'stream_limit',
  /** The plan has no downloads. */
  'no_downloads_in_plan',
  /** Play: as many devices as the plan has signed in before this one. Download: as many hold downloads. */
  'device_limit',
  /** How many devices hold downloads is not known. */
  'devices_unknown',
  /** No policy permits it. */
  'not_permitted',
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** What would lift a refusal: each names something that the apps can offer. */
export const LIFTS = [
  'sign_in',
  'choose_plan',
  'pay',
  'update_payment',
  'rejoin',
  'choose_profile',
  'enter_profile_pin',
  'switch_profile',
  'enter_account_pin',
  'say_country',
  /** Time does it. */
  'wait',
  'choose_higher_plan',
  'ask_lower_resolution',
  'stop_another_stream',
  'remove_a_device',
  /** A part of the service does not answer. */
  'try_again',
] as const;
export type Lift = (typeof LIFTS)[number];

/** What would give more than what was granted. */
export const OFFERS = [
  /** The title has higher resolutions than the plan. */
  'choose_higher_plan',
  /** The plan has more than was given just now. */
  'try_again',
] as const;
export type Offer = (typeof OFFERS)[number];

/** Null when it is none: of a newer release. */
export function refusalOf(code: string): Refusal | null {
  return REFUSALS.find((known) => known === code) ?? null;
}
