/**
 * A signed 64-bit integer: a number where that is exact, else a bigint. Every value has exactly one form, so `===` and `<` of
 * JavaScript are equality and order of Cedar, and almost all arithmetic stays on machine numbers.
 */
export type Long = number | bigint;

const MAX = 2n ** 63n - 1n;
const MIN = -(2n ** 63n);

/** The one form of an integer, or undefined when it does not fit 64 bits. */
export function toLong(value: bigint): Long | undefined {
  if (value > MAX || value < MIN) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** Undefined on overflow, as for the other operations here. */
export function add(left: Long, right: Long): Long | undefined {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return toLong(BigInt(left) + BigInt(right));
}

export function subtract(left: Long, right: Long): Long | undefined {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return toLong(BigInt(left) - BigInt(right));
}

export function multiply(left: Long, right: Long): Long | undefined {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    // `+ 0` turns the -0 of 0 × -1 into the only zero that Cedar knows.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return toLong(BigInt(left) * BigInt(right));
}

export function negate(value: Long): Long | undefined {
  return typeof value === 'number' ? 0 - value : toLong(-value);
}

/** Quotient rounded towards zero; the divisor is a constant of ours. */
export function divide(value: Long, divisor: number): Long {
  return typeof value === 'number' ? Math.trunc(value / divisor) + 0 : (toLong(value / BigInt(divisor)) ?? 0);
}

/** The remainder with the sign of a mathematician: never negative. */
export function remainder(value: Long, divisor: number): number {
  const rest = typeof value === 'number' ? value % divisor : Number(value % BigInt(divisor));
  return rest < 0 ? rest + divisor : rest + 0;
}
