import type { Price } from '../funnel/offer.ts';

/** "13,99 €". `digits` is how many of the amount's digits are behind the point. */
export function money(amountMinor: number, currency: string, digits: number, locale: string): string {
  const amount = amountMinor / 10 ** digits;
  const style = { style: 'currency', currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locale, style).format(amount);
}

export function priceText({ amountMinor, currency, currencyDigits }: Price, locale: string): string {
  return money(amountMinor, currency, currencyDigits, locale);
}

/** "12 March 2027". */
export function day(ms: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(ms);
}

/** A country as people call it. */
export function countryName(code: string, locale: string): string {
  return new Intl.DisplayNames([locale], { type: 'region' }).of(code) ?? code;
}
