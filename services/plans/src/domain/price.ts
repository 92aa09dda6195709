import type { PlanId } from './plan.ts';

/** What a plan costs a month in a country from a moment on. Immutable: a member's price is known by its id for ever. */
export type Price = {
  readonly id: string;
  readonly planId: PlanId;
  readonly country: string;
  readonly currency: string;
  readonly currencyDigits: number;
  readonly amountMinor: number;
  readonly fromMs: number;
};

/** Of one country's prices, in the order in which they were made: that of each plan that is in force, cheapest plan first. Of two that begin together the later made counts. */
export function pricesInForce(prices: readonly Price[], atMs: number): readonly Price[] {
  const inForce = new Map<PlanId, Price>();
  for (const price of prices) {
    const known = inForce.get(price.planId);
    if (price.fromMs <= atMs && (known === undefined || price.fromMs >= known.fromMs)) inForce.set(price.planId, price);
  }
  return [...inForce.values()].sort((one, other) => one.amountMinor - other.amountMinor);
}
