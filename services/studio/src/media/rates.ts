/** Frames per second as a fraction of whole numbers, so that 24000/1001 stays exact. */
export type FrameRate = { readonly numerator: number; readonly denominator: number };

/**
 * Rates that a film may leave with. Each of them has a whole number of frames in 2 s and a whole number of milliseconds in those frames, which keeps
 * the segment grid exact. Above 60 nothing is gained on the screens that we serve.
 */
export const STANDARD_RATES: readonly FrameRate[] = [
  [5, 1],
  [6, 1],
  [8, 1],
  [10, 1],
  [12, 1],
  [25, 2],
  [15000, 1001],
  [15, 1],
  [20, 1],
  [24000, 1001],
  [24, 1],
  [25, 1],
  [30000, 1001],
  [30, 1],
  [48, 1],
  [50, 1],
  [60000, 1001],
  [60, 1],
].map(([numerator = 0, denominator = 1]) => ({ numerator, denominator }));

export function framesPerSecond(rate: FrameRate): number {
  return rate.numerator / rate.denominator;
}

/** The standard rate closest by ratio; rates above 60 are halved first, so that 119.88 gives 59.94 and not 60. */
export function nearestStandardRate(perSecond: number): FrameRate {
  let wanted = Math.max(perSecond, 1);
  while (wanted > 61) wanted /= 2;
  const distance = (rate: FrameRate): number => Math.abs(Math.log(framesPerSecond(rate) / wanted));
  return STANDARD_RATES.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best));
}
