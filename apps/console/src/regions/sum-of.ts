import type { RegionNow } from '@bioscope/regions/contract';

type Figures = Pick<RegionNow, 'arrivedPerSecond' | 'servedPerSecond' | 'errorRate' | 'startsPerSecond' | 'startFailureRate'>;
export type Sum = Omit<Figures, 'servedPerSecond'>;

/** Of all regions together; rates are weighted by that of which they are a share. */
export function sumOf(regions: readonly Figures[]): Sum {
  const total = (of: (region: Figures) => number): number => regions.reduce((sum, region) => sum + of(region), 0);
  const served = total(({ servedPerSecond }) => servedPerSecond);
  const startsPerSecond = total((region) => region.startsPerSecond);
  return {
    arrivedPerSecond: total(({ arrivedPerSecond }) => arrivedPerSecond),
    errorRate: served > 0 ? total(({ servedPerSecond, errorRate }) => servedPerSecond * errorRate) / served : 0,
    startsPerSecond,
    startFailureRate: startsPerSecond > 0 ? total((region) => region.startsPerSecond * region.startFailureRate) / startsPerSecond : 0,
  };
}
