import { ADDRESSES, PLACES, REGIONS_MAX, ZONES_MAX } from './addresses.ts';
import { GROUP_NAMES, GROUPS } from './groups.ts';
import type { GroupName } from './groups.ts';

export type DeploymentShape = {
  readonly regions: number;
  readonly zones: number;
  readonly ports: DeploymentPorts;
};

/** One port for all of a kind: their addresses differ. */
export type DeploymentPorts = {
  readonly gateway: number;
  /** Of the gateways, where they speak TLS. */
  readonly https: number;
  readonly cdn: number;
  readonly dns: number;
  readonly rpc: number;
  readonly memcached: number;
};

/** Everything that runs, and where. Plain data: it is written to the state folder and read by whoever joins. */
export type Deployment = {
  readonly ports: DeploymentPorts;
  readonly regions: readonly Region[];
  readonly storage: Place;
};

/** A process of ours, or a program. `name` is unique: `a-1-play`. */
export type Place = { readonly name: string; readonly address: string; readonly region: string; readonly zone: string };
export type GroupPlace = Place & { readonly group: GroupName; readonly units: readonly string[] };
export type AppliancePlace = Place & { readonly site: string };

export type Zone = {
  readonly name: string;
  readonly groups: readonly GroupPlace[];
  readonly memcached: Place;
  readonly discovery: Place;
  readonly appliances: readonly AppliancePlace[];
};

export type Region = {
  readonly name: string;
  readonly zones: readonly Zone[];
  readonly dns: Place;
  /** Networks of clients near this region. */
  readonly clients: readonly string[];
  readonly sites: readonly Site[];
};

/** Delivery servers that stand together. A partner's serve the partner's own clients only. */
export type Site = { readonly name: string; readonly clients: readonly string[]; readonly isPartner: boolean };

/** The region or zone of what stands in none. */
export const NOWHERE = 'none';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
/** Of the first site: so that one server can be lost without its site. */
const FIRST_SITE_APPLIANCES = 2;

/**
 * Lays a deployment out on the loopback addresses (see ADDRESSES). Per region there are a site of two servers in the first zone, another in the second, and a
 * partner's in the last, as far as there are zones. Throws a RangeError for a shape that does not fit.
 */
export function layOut({ regions, zones, ports }: DeploymentShape): Deployment {
  if (!isWithin(regions, REGIONS_MAX)) throw new RangeError(`${regions} regions: use 1 to ${REGIONS_MAX}`);
  if (!isWithin(zones, ZONES_MAX)) throw new RangeError(`${zones} zones: use 1 to ${ZONES_MAX}`);
  return {
    ports,
    regions: Array.from({ length: regions }, (_, index) => layOutRegion(index + 1, zones)),
    storage: { name: 'storage', address: ADDRESSES.storage, region: NOWHERE, zone: NOWHERE },
  };
}

/** Every process and program of a deployment, in an order in which each finds those it needs. */
export function placesOf({ regions, storage }: Deployment): readonly Place[] {
  const zones = regions.flatMap((region) => region.zones);
  return [
    ...zones.map(({ discovery }) => discovery),
    storage,
    ...zones.map(({ memcached }) => memcached),
    // The registry before those that publish to it, the gateways after those behind them.
    ...[...GROUP_NAMES].reverse().flatMap((name) => zones.flatMap(({ groups }) => groups.filter(({ group }) => group === name))),
    ...zones.flatMap(({ appliances }) => appliances),
    ...regions.map(({ dns }) => dns),
  ];
}

function layOutRegion(number: number, zones: number): Region {
  const name = LETTERS.charAt(number - 1);
  const sites = sitesOf(name, number, zones);
  return {
    name,
    zones: Array.from({ length: zones }, (_, index) => layOutZone(name, number, index + 1, sites)),
    dns: { name: `${name}-dns`, address: ADDRESSES.dns(number), region: name, zone: NOWHERE },
    clients: [ADDRESSES.clients(number)],
    sites,
  };
}

function layOutZone(region: string, number: number, zone: number, sites: readonly Site[]): Zone {
  const place = (what: string, at: number): Place => ({
    name: `${region}-${zone}-${what}`,
    address: ADDRESSES.inZone(number, zone, at),
    region,
    zone: String(zone),
  });
  const site = sites[zone - 1];
  const appliances = site === undefined ? 0 : zone === 1 ? FIRST_SITE_APPLIANCES : 1;
  return {
    name: String(zone),
    groups: GROUP_NAMES.map((group) => ({ ...place(group, PLACES[group]), group, units: GROUPS[group] })),
    memcached: place('memcached', PLACES.memcached),
    discovery: place('discovery', PLACES.discovery),
    appliances: Array.from({ length: appliances }, (_, index) => ({
      ...place(`appliance-${index + 1}`, PLACES.appliances + index),
      site: site?.name ?? '',
    })),
  };
}

function sitesOf(region: string, number: number, zones: number): readonly Site[] {
  const clients = [ADDRESSES.clients(number)];
  const own = Array.from({ length: Math.min(zones, 2) }, (_, index) => ({
    name: `${region}-site-${index + 1}`,
    clients,
    isPartner: false,
  }));
  const partner = { name: `${region}-partner`, clients: [ADDRESSES.partnerClients(number)], isPartner: true };
  return zones < 3 ? own : [...own, partner];
}

function isWithin(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= max;
}
