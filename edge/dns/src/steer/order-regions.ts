import { distanceKm, placeOf } from './country-places.ts';

type Located = { readonly name: string; readonly country: string };

/** Indices of `regions`, nearest to a country first; those whose place nobody knows come last. Undefined when the country is not known, or no region's. */
export function nearestTo(country: string, regions: readonly Located[]): readonly number[] | undefined {
  const here = placeOf(country);
  if (here === undefined) return undefined;
  const distances = regions.map((region) => {
    const there = placeOf(region.country);
    return there === undefined ? Number.POSITIVE_INFINITY : distanceKm(here, there);
  });
  if (distances.every((distance) => distance === Number.POSITIVE_INFINITY)) return undefined;
  return indicesBy(distances);
}

/** Indices of `regions`: the named ones in their order, then the others, nearest to the first named one first. Names of regions that are not there are passed over. */
export function namedFirst(names: readonly string[], regions: readonly Located[]): readonly number[] {
  const named = names.map((name) => regions.findIndex((region) => region.name === name)).filter((index) => index >= 0);
  const first = regions[named[0] ?? -1];
  const rest = (first === undefined ? undefined : nearestTo(first.country, regions)) ?? regions.map((_, index) => index);
  return [...new Set([...named, ...rest])];
}

function indicesBy(keys: readonly number[]): readonly number[] {
  return keys.map((_, index) => index).sort((one, other) => (keys[one] ?? 0) - (keys[other] ?? 0) || one - other);
}
