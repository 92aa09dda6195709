import { currencyOf } from './currency.ts';
import { PLAN_IDS, type PlanId } from './plan.ts';
import type { Price } from './price.ts';

/** Prices of all countries that came into force together, with what they were derived from. Never changed once sold from. */
export type PriceBook = {
  readonly name: string;
  readonly fromMs: number;
  readonly ratesAsOf: string;
  readonly referencePriceUsd: number;
  /** Country, currency, income index, units of the currency per US dollar, monthly price of each of `PLAN_IDS` in minor units (0: not offered). */
  readonly rows: readonly (readonly [
    country: string,
    currency: string,
    incomeIndex: number,
    perUsd: number,
    amounts: readonly [number, number, number, number],
  ])[];
};

/** The prices of a book by country, each under the id `<plan>.<country>.<book>`. */
export function pricesOfBook(book: PriceBook): ReadonlyMap<string, readonly Price[]> {
  return new Map(
    book.rows.map(([country, currency, , , amounts]) => {
      const { digits } = currencyOf(currency);
      const prices = PLAN_IDS.flatMap((planId: PlanId, column): Price[] => {
        const amountMinor = amounts[column] ?? 0;
        const id = `${planId}.${country}.${book.name}`;
        return amountMinor === 0 ? [] : [{ id, planId, country, currency, currencyDigits: digits, amountMinor, fromMs: book.fromMs }];
      });
      return [country, prices];
    }),
  );
}
