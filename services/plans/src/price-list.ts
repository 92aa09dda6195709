import { BOOK_2026_01 } from './data/book-2026-01.ts';
import { currencyOf } from './domain/currency.ts';
import { isPlanId } from './domain/plan.ts';
import type { Price } from './domain/price.ts';
import { pricesOfBook } from './domain/price-book.ts';
import type { PricesStore, SetPrice } from './store.ts';

/** A price and how it came to be. */
export type PriceRecord = {
  readonly price: Price;
  readonly madeBy: string;
  readonly madeAtMs: number;
  readonly why: string;
  readonly commandId: string;
};

/** Every price there is or was: the book's, then those that operators set. */
export type PriceList = {
  /** Every country that has prices, by code, with the currency of its prices. */
  readonly countries: ReadonlyMap<string, string>;
  /** A country's prices in the order in which they were made, and how many of them operators set. Empty for a country that is not sold to. */
  read(country: string): Promise<{ readonly records: readonly PriceRecord[]; readonly version: number }>;
};

export function priceList(store: Pick<PricesStore, 'readPrices'>): PriceList {
  const book = pricesOfBook(BOOK_2026_01);
  const countries = new Map(BOOK_2026_01.rows.map(([country, currency]) => [country, currency]));
  return {
    countries,
    async read(country) {
      const printed = book.get(country);
      if (printed === undefined) return { records: [], version: 0 };
      const set = await store.readPrices(country);
      const fromBook = printed.map((price): PriceRecord => ({ price, ...BOOK_ORIGIN }));
      return { records: [...fromBook, ...set.map((each) => recordOf(country, each))], version: set.length };
    },
  };
}

/** Null when no price can have this id. */
export function countryOfPriceId(priceId: string): string | null {
  return PRICE_ID.exec(priceId)?.[1] ?? null;
}

function recordOf(country: string, set: SetPrice): PriceRecord {
  const { planId, currency, amountMinor, fromMs, madeBy, madeAtMs, why, commandId } = set;
  if (!isPlanId(planId)) throw new TypeError(`price ${set.sequence} of ${country} is of the unknown plan ${planId}`);
  const id = `${planId}.${country}.${set.sequence}`;
  const currencyDigits = currencyOf(currency).digits;
  return { price: { id, planId, country, currency, currencyDigits, amountMinor, fromMs }, madeBy, madeAtMs, why, commandId };
}

const BOOK_ORIGIN = {
  madeBy: `price book ${BOOK_2026_01.name}`,
  madeAtMs: BOOK_2026_01.fromMs,
  why: 'derived from incomes per head',
  commandId: '',
};
const PRICE_ID = /^[a-z]{1,20}\.([A-Z]{2})\.[0-9-]{1,20}$/;
