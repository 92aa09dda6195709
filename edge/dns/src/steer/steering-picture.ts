import { create } from '@bufbuild/protobuf';
import { GetPictureResponseSchema, RegionState } from '@bioscope/regions/contract';
import type { GetPictureResponse, Region } from '@bioscope/regions/contract';
import { parseAddress } from '../wire/address.ts';
import type { AddressRecord } from './port.ts';

/** What steering rests on: the regions and who answers there. */
export type SteeringPicture = { readonly regions: readonly SteeredRegion[]; readonly ttlSeconds: number };

export type SteeredRegion = {
  readonly name: string;
  /** ISO 3166-1 alpha-2, "" unknown. */
  readonly country: string;
  readonly state: 'serving' | 'evacuating' | 'evacuated' | 'restoring';
  /** 0 to 1. */
  readonly weight: number;
  readonly well: boolean;
  /** Why it is ill; "" while well. */
  readonly reason: string;
  /** 0: unknown. */
  readonly capacityPerSecond: number;
  /** In the order in which they are spread: one of each zone, then the second of each. */
  readonly gateways: readonly SteeredGateway[];
};
export type SteeredGateway = AddressRecord & { readonly text: string; readonly zone: string; readonly healthy: boolean };

/** RFC 2181 leaves it open; longer, and nobody can be moved. */
const TTL_SECONDS_MAX = 3_600;
const TTL_SECONDS_DEFAULT = 30;

const STATES: Readonly<Record<number, SteeredRegion['state']>> = {
  [RegionState.UNSPECIFIED]: 'serving',
  [RegionState.SERVING]: 'serving',
  [RegionState.EVACUATING]: 'evacuating',
  [RegionState.EVACUATED]: 'evacuated',
  [RegionState.RESTORING]: 'restoring',
};

export const NO_PICTURE: SteeringPicture = readPicture(create(GetPictureResponseSchema));

/** Reads what the regions unit says. Addresses that are none are left out: one bad gateway must not take the others out of DNS. */
export function readPicture({ regions, dnsTtlSeconds }: GetPictureResponse): SteeringPicture {
  const ttlSeconds = dnsTtlSeconds >= 1 && dnsTtlSeconds <= TTL_SECONDS_MAX ? dnsTtlSeconds : TTL_SECONDS_DEFAULT;
  return { ttlSeconds, regions: regions.map(readRegion).toSorted((one, other) => (one.name < other.name ? -1 : 1)) };
}

function readRegion({ name, country, state, weight, health, capacityPerSecond, zones }: Region): SteeredRegion {
  const byZone = zones.map((zone) =>
    zone.gateways.flatMap(({ address, healthy }): SteeredGateway[] => {
      const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
      const parsed = parseAddress(host);
      return parsed === undefined ? [] : [{ family: parsed.family, address: parsed.bytes, text: host, zone: zone.name, healthy }];
    }),
  );
  return {
    name,
    country,
    // One that a newer control plane knows and we do not is judged by its weight alone.
    state: STATES[state] ?? 'serving',
    weight: weight >= 0 && weight <= 1 ? weight : 0,
    well: health?.well ?? true,
    reason: health?.reason ?? '',
    capacityPerSecond: capacityPerSecond > 0 ? capacityPerSecond : 0,
    gateways: onePerAddress(interleaved(byZone)),
  };
}

function interleaved<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

/** Several doors of one machine are one address to DNS; it lives while one of them does. */
function onePerAddress(gateways: readonly SteeredGateway[]): readonly SteeredGateway[] {
  return [...Map.groupBy(gateways, ({ text }) => text).values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, healthy: same.some(({ healthy }) => healthy) }];
  });
}
