/** What billing's mutations answer with. */
export type Payment = {
  readonly status: 'DONE' | 'STEP_UP_NEEDED' | 'PENDING' | 'REFUSED';
  readonly reason: string | null;
  readonly chargeId: string | null;
  /** Below the app's own host. */
  readonly challengePath: string | null;
};

/** Where a payment is. */
export type PaymentFlow =
  /** Nothing is under way: a card can be entered. `reason` is why the last one did not work; empty when there was none. */
  | { readonly kind: 'card'; readonly reason: string }
  | { readonly kind: 'working' }
  /** The bank wants to hear from the card's holder. */
  | { readonly kind: 'step_up'; readonly chargeId: string; readonly challengePath: string }
  /** Charged once or not at all, and not known which. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'done' };

/** What an answer of billing means for who pays. */
export function afterPayment({ status, reason, chargeId, challengePath }: Payment): PaymentFlow {
  switch (status) {
    case 'DONE':
      return { kind: 'done' };
    case 'STEP_UP_NEEDED':
      // Without the way to the bank there is nothing to show but that it is not decided.
      return chargeId === null || challengePath === null ? { kind: 'pending' } : { kind: 'step_up', chargeId, challengePath };
    case 'PENDING':
      return { kind: 'pending' };
    case 'REFUSED':
      // Somebody else of the account has paid meanwhile, or this very person in another tab.
      return reason === 'already_member' ? { kind: 'done' } : { kind: 'card', reason: reason ?? 'unknown' };
    default:
      return status satisfies never;
  }
}

/** How long until a pending payment is asked for again, and when to leave that to the person: billing settles within seconds, or when the bank is back. */
export function askAgainAfterMs(asked: number): number | undefined {
  return asked < ASKED_MAX ? Math.min(1_000 * 1.5 ** asked, 8_000) : undefined;
}

const ASKED_MAX = 20;
