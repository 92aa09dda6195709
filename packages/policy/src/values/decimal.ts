import { toLong } from './long.ts';
import type { Long } from './long.ts';

/** A number with four digits after the point, in 64 bits of ten-thousandths. */
export class Decimal {
  readonly scaled: Long;

  constructor(scaled: Long) {
    this.scaled = scaled;
  }
}

/** `-12.34`: one to four digits after the point. Undefined when the text is not one, or does not fit. */
export function parseDecimal(text: string): Decimal | undefined {
  const match = /^(-?)([0-9]+)\.([0-9]{1,4})$/.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  const size = BigInt(whole) * 10_000n + BigInt(fraction.padEnd(4, '0'));
  const scaled = toLong(sign === '-' ? -size : size);
  return scaled === undefined ? undefined : new Decimal(scaled);
}
