import type { Price } from '../funnel/offer.ts';

export type MemberState = 'NONE' | 'FUNNEL' | 'TRIAL' | 'ACTIVE' | 'PAST_DUE' | 'ON_HOLD' | 'ENDING' | 'LAPSED';

export type Membership = {
  readonly state: MemberState;
  readonly plan: { readonly id: string } | null;
  readonly renewalPlan: { readonly id: string } | null;
  readonly renewalPrice: Price | null;
  readonly country: string | null;
  readonly periodFromMs: number | null;
  readonly periodUntilMs: number | null;
  readonly holdAtMs: number | null;
  readonly lapseAtMs: number | null;
  readonly wasMember: boolean;
  readonly nowMs: number;
};

export type Money = { readonly amountMinor: number; readonly currency: string; readonly digits: number };

export type PaymentCard = { readonly brand: string; readonly last4: string; readonly expiresMonth: number; readonly expiresYear: number };

export type Billing = {
  readonly card: PaymentCard | null;
  readonly nextChargeAtMs: number | null;
  readonly nextAmount: Money | null;
  readonly openChargeId: string | null;
  readonly openChallengePath: string | null;
  readonly failure: string | null;
};

/** How an account stands: what it may watch, and what is paid. */
export type Standing = { readonly membership: Membership | null; readonly billing: Billing | null };

/** What stands in the way of watching, or soon will, and where it is mended; null when all is well. */
export type Concern =
  | { readonly kind: 'join' | 'pay' | 'rejoin' }
  | { readonly kind: 'past_due'; readonly endsAtMs: number }
  | { readonly kind: 'on_hold' }
  | { readonly kind: 'ending'; readonly endsAtMs: number };

export function concernOf({ state, holdAtMs, periodUntilMs, wasMember }: Membership): Concern | null {
  switch (state) {
    case 'NONE':
      return { kind: 'join' };
    case 'FUNNEL':
      return { kind: wasMember ? 'rejoin' : 'pay' };
    case 'LAPSED':
      return { kind: 'rejoin' };
    case 'PAST_DUE':
      return { kind: 'past_due', endsAtMs: holdAtMs ?? periodUntilMs ?? 0 };
    case 'ON_HOLD':
      return { kind: 'on_hold' };
    case 'ENDING':
      return { kind: 'ending', endsAtMs: periodUntilMs ?? 0 };
    case 'TRIAL':
    case 'ACTIVE':
      return null;
    default:
      return state satisfies never;
  }
}

/** Whether somebody has something to watch with, now. */
export function mayWatch({ state }: Membership): boolean {
  return state === 'TRIAL' || state === 'ACTIVE' || state === 'PAST_DUE' || state === 'ENDING';
}
