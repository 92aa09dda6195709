import type { Ladder } from './ladder.ts';

/** A currency that members are billed in. */
export type Currency = {
  /** ISO 4217: minor units are this many digits after the point. */
  readonly digits: number;
  /** How many of it one US dollar was worth, roughly, on `RATES_AS_OF`. */
  readonly perUsd: number;
  readonly ladder: Ladder;
};

/**
 * The rates are frozen, rounded and approximate, put down by hand from general knowledge: good enough to place a price on a ladder whose rungs are ten
 * percent apart, and no source of exchange rates. Where a country's own currency is not here, it is billed in US dollars.
 */
export const RATES_AS_OF = '2026-01';

/** `endings(2, 10, 9)`: every 10 major units, at 9: 9, 19, 29 … */
function endings(digits: number, stepMajor: number, offsetMajor: number): { digits: number; ladder: Ladder } {
  const minor = 10 ** digits;
  return { digits, ladder: { stepMinor: Math.round(stepMajor * minor), offsetMinor: Math.round(offsetMajor * minor) } };
}

export const CURRENCIES: Readonly<Record<string, Currency>> = {
  AED: { perUsd: 3.67, ...endings(2, 1, 0) },
  ARS: { perUsd: 1450, ...endings(2, 1000, 999) },
  AUD: { perUsd: 1.52, ...endings(2, 1, 0.99) },
  BRL: { perUsd: 5.4, ...endings(2, 1, 0.9) },
  CAD: { perUsd: 1.38, ...endings(2, 1, 0.99) },
  CHF: { perUsd: 0.8, ...endings(2, 1, 0.9) },
  CLP: { perUsd: 920, ...endings(0, 100, 90) },
  COP: { perUsd: 3900, ...endings(2, 1000, 900) },
  CZK: { perUsd: 21, ...endings(2, 10, 9) },
  DKK: { perUsd: 6.4, ...endings(2, 10, 9) },
  EUR: { perUsd: 0.86, ...endings(2, 0.5, 0.49) },
  GBP: { perUsd: 0.75, ...endings(2, 1, 0.99) },
  HUF: { perUsd: 335, ...endings(2, 100, 90) },
  IDR: { perUsd: 16_600, ...endings(2, 1000, 0) },
  ILS: { perUsd: 3.3, ...endings(2, 1, 0.9) },
  INR: { perUsd: 89, ...endings(2, 10, 9) },
  JPY: { perUsd: 154, ...endings(0, 100, 90) },
  KES: { perUsd: 129, ...endings(2, 50, 0) },
  KRW: { perUsd: 1450, ...endings(0, 500, 0) },
  MAD: { perUsd: 9.2, ...endings(2, 1, 0) },
  MXN: { perUsd: 18.2, ...endings(2, 10, 9) },
  MYR: { perUsd: 4.15, ...endings(2, 1, 0.9) },
  NGN: { perUsd: 1450, ...endings(2, 50, 0) },
  NOK: { perUsd: 10.1, ...endings(2, 10, 9) },
  NZD: { perUsd: 1.72, ...endings(2, 1, 0.99) },
  PEN: { perUsd: 3.4, ...endings(2, 1, 0.9) },
  PHP: { perUsd: 58.5, ...endings(2, 10, 9) },
  PKR: { perUsd: 281, ...endings(2, 50, 0) },
  PLN: { perUsd: 3.65, ...endings(2, 1, 0) },
  SAR: { perUsd: 3.75, ...endings(2, 1, 0) },
  SEK: { perUsd: 9.4, ...endings(2, 10, 9) },
  SGD: { perUsd: 1.3, ...endings(2, 1, 0.98) },
  THB: { perUsd: 32.4, ...endings(2, 10, 9) },
  TRY: { perUsd: 42.5, ...endings(2, 1, 0.99) },
  TWD: { perUsd: 31.3, ...endings(2, 10, 0) },
  USD: { perUsd: 1, ...endings(2, 1, 0.99) },
  VND: { perUsd: 26_300, ...endings(0, 1000, 0) },
  ZAR: { perUsd: 17.2, ...endings(2, 10, 9) },
};

/** Throws for a currency that nobody is billed in: then a price book and this table do not belong together. */
export function currencyOf(code: string): Currency {
  const currency = CURRENCIES[code];
  if (currency === undefined) throw new RangeError(`nobody is billed in ${code}`);
  return currency;
}
