/** The log topic of prices that operators make; records are keyed by country. Consumers pass over types they do not know. */
export const PRICES_TOPIC = 'plans.prices';

/** Value of a `price.set` record, as JSON. */
export type PriceSet = {
  readonly planId: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly fromMs: number;
  readonly why: string;
  /** The operator's account. */
  readonly madeBy: string;
  readonly madeAtMs: number;
};
