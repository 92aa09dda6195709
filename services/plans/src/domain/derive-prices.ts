import { currencyOf } from './currency.ts';
import { nearestRung, rungAbove } from './ladder.ts';
import { PLAN_IDS, type PlanId } from './plan.ts';

/** What the rule knows of a country. */
export type CountryFacts = {
  /** ISO 3166-1 alpha-2. */
  readonly code: string;
  /** In which members there are billed. */
  readonly currency: string;
  /** Gross domestic product per head as a share of the reference country's. */
  readonly incomeIndex: number;
};
export type DerivedPrices = { readonly [P in PlanId]?: number };

/** Where incomes are measured against, and priced without the rule. */
export const REFERENCE_COUNTRY = 'US';
/** Our standard plan there. */
export const REFERENCE_PRICE_USD = 14.99;

/**
 * Monthly prices in minor units. The standard plan's is 0.80 × reference × incomeIndex^0.36, kept within 0.15 and 1.45 of the reference (a fit to what
 * streaming costs in countries with a currency of their own), then the nearest rung of the currency's ladder; the other plans' are shares of it, and
 * every plan costs more than the one below.
 */
export function derivePrices(facts: CountryFacts): DerivedPrices {
  const { perUsd, digits, ladder } = currencyOf(facts.currency);
  const standardMinor = standardUsd(facts) * perUsd * 10 ** digits;
  const prices: Partial<Record<PlanId, number>> = {};
  let below = 0;
  for (const plan of PLAN_IDS) {
    if (plan === 'mobile' && facts.incomeIndex > MOBILE_INCOME_INDEX_MAX) continue;
    const nearest = nearestRung(ladder, standardMinor * SHARES_OF_STANDARD[plan]);
    below = nearest > below ? nearest : rungAbove(ladder, below);
    prices[plan] = below;
  }
  return prices;
}

function standardUsd({ code, incomeIndex }: CountryFacts): number {
  if (code === REFERENCE_COUNTRY) return REFERENCE_PRICE_USD;
  const fitted = LEVEL * REFERENCE_PRICE_USD * incomeIndex ** ELASTICITY;
  return Math.min(SHARE_MAX * REFERENCE_PRICE_USD, Math.max(SHARE_MIN * REFERENCE_PRICE_USD, fitted));
}

const LEVEL = 0.8;
const ELASTICITY = 0.36;
const SHARE_MIN = 0.15;
const SHARE_MAX = 1.45;
const SHARES_OF_STANDARD: Readonly<Record<PlanId, number>> = { mobile: 0.37, basic: 0.65, standard: 1, premium: 1.29 };
/** The small plan is for countries where the others are dear. */
const MOBILE_INCOME_INDEX_MAX = 0.4;
