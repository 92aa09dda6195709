/** The log topic of all that happens to money; records are keyed by account id, their values are JSON. Consumers pass over types they do not know. */
export const BILLING_TOPIC = 'billing.events';

/** What a payment is for: a plan at a price that never changes. */
export type Bought = {
  readonly planId: string;
  readonly priceId: string;
  /** Of one month, in minor units. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly currencyDigits: number;
};
/** The period [fromMs, untilMs), and where its dates come from: the anchor plus whole months. */
export type BillingPeriod = {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly anchorMs: number;
  /** Months from the anchor to the end of the period. */
  readonly months: number;
};
/** A card as it may be shown. The processor's token lies apart and never comes into an event. */
export type PaymentMethod = {
  readonly methodId: string;
  readonly brand: string;
  readonly last4: string;
  readonly expiresMonth: number;
  readonly expiresYear: number;
};
/** Other kinds (tax, credit, gift) will come beside it; the total is the sum of all. */
export type LineOfInvoice = {
  readonly kind: 'subscription';
  readonly planId: string;
  readonly priceId: string;
  readonly periodFromMs: number;
  readonly periodUntilMs: number;
  readonly amountMinor: number;
};
/** Immutable; issued when the money is there. */
export type InvoiceFacts = {
  readonly chargeId: string;
  readonly accountId: string;
  readonly country: string;
  readonly currency: string;
  readonly currencyDigits: number;
  readonly totalMinor: number;
  readonly lines: readonly LineOfInvoice[];
  readonly method: PaymentMethod;
  readonly issuedAtMs: number;
};

/** What happened to an account's money; the stream of these is the account. `atMs` is the account's own time. */
export type BillingEvent = { readonly atMs: number } & (
  | { readonly type: 'method.set'; readonly method: PaymentMethod }
  /** Sign-up or rejoin. `trialDays` above zero: nothing is charged now. */
  | ({
      readonly type: 'start.requested';
      readonly startId: string;
      readonly country: string;
      /** How the country is known: see the passport. */
      readonly countryFrom: string;
      readonly trialDays: number;
      readonly method: PaymentMethod;
    } & Bought)
  /** Written before the processor is called; `chargeId` is the key under which it charges once or never. */
  | ({
      readonly type: 'charge.intended';
      readonly chargeId: string;
      readonly purpose: 'start' | 'renewal';
      readonly country: string;
      readonly period: BillingPeriod;
      readonly method: PaymentMethod;
      /** When the payment was due: the end of the period before; of a start, now. */
      readonly dueAtMs: number;
      /** By the real clock: how long to wait for an answer. */
      readonly wallMs: number;
    } & Bought)
  | { readonly type: 'charge.challenged'; readonly chargeId: string; readonly challengeId: string; readonly wallMs: number }
  | { readonly type: 'charge.succeeded'; readonly chargeId: string; readonly reference: string }
  /** `isHard`: the same card will not work later either. */
  | { readonly type: 'charge.declined'; readonly chargeId: string; readonly because: string; readonly isHard: boolean }
  /** Surely not charged, and never will be. */
  | { readonly type: 'charge.closed'; readonly chargeId: string; readonly because: string }
  | ({ readonly type: 'invoice.issued'; readonly number: string } & InvoiceFacts)
  /** Membership knows that the period is paid for (or tried: no charge). */
  | { readonly type: 'period.opened'; readonly chargeId: string; readonly startId: string; readonly period: BillingPeriod }
  /** Membership knows that a renewal failed. */
  | { readonly type: 'failure.told'; readonly chargeId: string }
);
export const BILLING_EVENT_TYPES = [
  'method.set',
  'start.requested',
  'charge.intended',
  'charge.challenged',
  'charge.succeeded',
  'charge.declined',
  'charge.closed',
  'invoice.issued',
  'period.opened',
  'failure.told',
] as const satisfies readonly BillingEvent['type'][];
