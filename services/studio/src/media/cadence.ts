import { framesPerSecond, nearestStandardRate, type FrameRate } from './rates.ts';

/** When the frames of a film are shown. */
export type Cadence =
  /** One frame in every cell of the grid of `rate`. */
  | { readonly kind: 'constant'; readonly rate: FrameRate }
  /** Frames come when they like; `rate` is the standard rate nearest to the most common distance. */
  | { readonly kind: 'variable'; readonly rate: FrameRate };

/**
 * Tells constant from variable frame rate by the times (seconds, any order) of all frames. Headers are not believed: phones and screen recorders
 * declare a rate that they do not keep.
 */
export function cadenceOf(times: Float64Array): Cadence {
  const shown = times.slice().sort();
  const first = shown[0];
  const last = shown.at(-1);
  if (first === undefined || last === undefined || last <= first) return { kind: 'constant', rate: nearestStandardRate(25) };
  const mean = nearestStandardRate((shown.length - 1) / (last - first));
  if (keepsTo(shown, mean)) return { kind: 'constant', rate: mean };
  const usual = nearestStandardRate(1 / usualDistance(shown));
  if (keepsTo(shown, usual)) return { kind: 'constant', rate: usual };
  return { kind: 'variable', rate: usual };
}

/**
 * At most one frame in a hundred off its own cell (a frame lost in capture, a splice). Half a frame is the bound at which the fps filter would
 * drop one and repeat another.
 */
function keepsTo(shown: Float64Array, rate: FrameRate): boolean {
  const perSecond = framesPerSecond(rate);
  const origin = shown[0] ?? 0;
  let strays = 0;
  let cell = 0;
  for (const [index, time] of shown.entries()) {
    const position = (time - origin) * perSecond;
    if (index > 0 && Math.round(position) !== cell + 1) strays += 1;
    cell = Math.round(position);
  }
  return strays <= shown.length / 100;
}

/** The mean of the distances near the median one: containers that count in milliseconds say 33, 34, 33 for thirty frames a second. */
function usualDistance(shown: Float64Array): number {
  const distances = new Float64Array(shown.length - 1);
  for (let index = 1; index < shown.length; index += 1) distances[index - 1] = (shown[index] ?? 0) - (shown[index - 1] ?? 0);
  distances.sort();
  const median = Math.max(distances[distances.length >> 1] ?? 0, 1 / 1000);
  const near = distances.filter((distance) => Math.abs(distance - median) <= median / 5);
  return near.length === 0 ? median : near.reduce((sum, distance) => sum + distance, 0) / near.length;
}
