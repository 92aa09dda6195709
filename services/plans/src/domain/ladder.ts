/**
 * The prices that look right in a currency: `offsetMinor`, and every `stepMinor` above it. { stepMinor: 100, offsetMinor: 99 } is 0.99, 1.99, 2.99 …
 */
export type Ladder = { readonly stepMinor: number; readonly offsetMinor: number };

/** The rung whose ratio to the amount is nearest to 1 (nearest in log space), never zero. */
export function nearestRung({ stepMinor, offsetMinor }: Ladder, amountMinor: number): number {
  const below = Math.floor((amountMinor - offsetMinor) / stepMinor) * stepMinor + offsetMinor;
  const above = below + stepMinor;
  if (below <= 0) return above;
  return amountMinor / below <= above / amountMinor ? below : above;
}

/** The lowest rung above a price. */
export function rungAbove({ stepMinor, offsetMinor }: Ladder, priceMinor: number): number {
  return (Math.floor((priceMinor - offsetMinor) / stepMinor) + 1) * stepMinor + offsetMinor;
}

export function isRung({ stepMinor, offsetMinor }: Ladder, priceMinor: number): boolean {
  return priceMinor > 0 && (priceMinor - offsetMinor) % stepMinor === 0;
}
