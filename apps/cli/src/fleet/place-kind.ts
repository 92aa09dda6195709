import type { Deployment, Place } from '@bioscope/topology';

export type PlaceKind = 'discovery' | 'storage' | 'memcached' | 'group' | 'appliance' | 'dns' | 'added';

/** What a place is there for; `added`: an instance that somebody started by hand. */
export function kindOf({ regions, storage }: Deployment, place: Place): PlaceKind {
  if (place.name === storage.name) return 'storage';
  if ('group' in place) return 'group';
  if ('site' in place) return 'appliance';
  const zones = regions.flatMap((region) => region.zones);
  if (zones.some(({ discovery }) => discovery.name === place.name)) return 'discovery';
  if (zones.some(({ memcached }) => memcached.name === place.name)) return 'memcached';
  return regions.some(({ dns }) => dns.name === place.name) ? 'dns' : 'added';
}
