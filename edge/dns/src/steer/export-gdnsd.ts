import type { ClientMaps } from './compile-steering.ts';
import { bitAt, networkText, parseNetwork } from './network.ts';
import type { Network } from './network.ts';
import { namedFirst, nearestTo } from './order-regions.ts';
import { valueOf } from './prefix-table.ts';
import type { SteeredGateway, SteeredRegion, SteeringPicture } from './steering-picture.ts';
import { sweepTable } from './sweep-table.ts';

/** What a zone needs beside the picture. */
export type GdnsdZone = {
  /** Without the last dot. */
  readonly zone: string;
  readonly steeredNames: readonly string[];
  readonly nameservers: readonly { readonly name: string; readonly address: string }[];
  /** Addresses (and ports) to listen on, as gdnsd writes them: `192.0.2.53`, `127.0.0.53:5300`. */
  readonly listen: readonly string[];
  /** Where gdnsd keeps what it keeps; it looks for `admin_state` in `stateFolder`. */
  readonly runFolder: string;
  readonly stateFolder: string;
  /** Where the file of gateways' health will lie. */
  readonly healthFile: string;
};

/** Files of gdnsd 3 by their paths below its configuration folder; `adminState` and `health` go where the zone said, and may be written again at any time: gdnsd sees it. */
export type GdnsdFiles = {
  readonly config: Readonly<Record<string, string>>;
  readonly adminState: string;
  readonly health: string;
};

const HEALTH_LOOKED_AT_SECONDS = 2;
const REGION = /^[a-z0-9][a-z0-9-]{0,31}$/;

/**
 * The same steering for gdnsd 3 (plugin geoip) with as much of it as gdnsd can: operator's prefixes, latencies and countries as networks, regions down by weight 0 or illness, gateways
 * by health. What it cannot: weights between 0 and 1 (taken as 1), shares by capacity (networks nobody knows go to the regions in the order of their names). Throws where there is no gateway.
 */
export function exportGdnsd(picture: SteeringPicture, maps: ClientMaps, zone: GdnsdZone): GdnsdFiles {
  const regions = picture.regions.filter(({ gateways, name }) => gateways.length > 0 && REGION.test(name));
  if (regions.length === 0) throw new Error('gdnsd needs at least one region with a gateway');
  return {
    config: {
      config: configText(regions, zone),
      [`zones/${zone.zone}`]: zoneText(picture, zone),
      'geoip/nets': netsText(regions, maps),
    },
    adminState: adminStateText(regions),
    health: regions.flatMap(({ gateways }) => gateways.map(({ text, healthy }) => `${text} => ${healthy ? 'UP' : 'DOWN'}\n`)).join(''),
  };
}

function configText(regions: readonly SteeredRegion[], { listen, runFolder, stateFolder, healthFile }: GdnsdZone): string {
  const of = (gateways: readonly SteeredGateway[], family: 1 | 2): string => {
    const texts = gateways.filter((gateway) => gateway.family === family).map(({ text }) => text);
    return texts.length === 0 ? '' : `addrs_v${family === 1 ? 4 : 6} => [ ${texts.join(', ')} ]`;
  };
  const centres = regions.map(({ name, gateways }) => {
    const addresses = [of(gateways, 1), of(gateways, 2)].filter((text) => text !== '').join(', ');
    return `          ${name} => { plugin => multifo, service_types => gateways, up_thresh => 0.01, ${addresses} }\n`;
  });
  return [
    `options => { listen => [ ${listen.join(', ')} ], run_dir => "${runFolder}", state_dir => "${stateFolder}" }\n`,
    `service_types => { gateways => { plugin => extfile, file => "${healthFile}", direct => true, interval => ${HEALTH_LOOKED_AT_SECONDS} } }\n`,
    'plugins => {\n  geoip => {\n',
    `    maps => { clients => { nets => nets, datacenters => ${listText(regions)} } }\n`,
    '    resources => {\n      gateways => {\n        map => clients, service_types => gateways,\n        dcmap => {\n',
    ...centres,
    '        }\n      }\n    }\n  }\n}\n',
  ].join('');
}

function zoneText({ ttlSeconds }: SteeringPicture, { zone, nameservers, steeredNames }: GdnsdZone): string {
  const [first] = nameservers;
  if (first === undefined) throw new Error('a zone needs at least one name server');
  return [
    // An answer that says no lives as long as one that says yes; gdnsd wants the record itself to live no longer.
    `@ ${ttlSeconds} SOA ${first.name} hostmaster.${zone}. ( 1 7200 1800 1209600 ${ttlSeconds} )\n`,
    ...nameservers.map(({ name }) => `@ 3600 NS ${name}\n`),
    ...nameservers.map(({ name, address }) => `${name} 3600 ${address.includes(':') ? 'AAAA' : 'A'} ${address}\n`),
    // gdnsd halves the TTL while something is down, unless told a least one.
    ...steeredNames.map((name) => `${name} ${ttlSeconds}/${ttlSeconds} DYNA geoip!gateways\n`),
  ].join('');
}

/** Regions that must not be answered. When that would be all of them none is named, so that gdnsd answers as if all were well. */
function adminStateText(regions: readonly SteeredRegion[]): string {
  const down = regions.filter(({ weight, well }) => weight === 0 || !well);
  return down.length === regions.length ? '' : down.map(({ name }) => `geoip/gateways/${name} => DOWN\n`).join('');
}

/** One network to a line. In gdnsd the longest network counts whoever named it, with us the operator's counts before all: what it covers is left out. */
function netsText(regions: readonly SteeredRegion[], { operator, latencies, countries }: ClientMaps): string {
  const lines: string[] = [];
  const write = (network: Network, order: readonly number[]): void => {
    lines.push(`${networkText(network)} => ${listText(order.flatMap((index) => regions[index] ?? []))}\n`);
  };
  const saysOperator = ({ family, address, prefix }: Network): boolean =>
    valueOf(operator.find({ family, address, sourcePrefix: prefix })) >= 0;
  const isMeasured = ({ family, address, prefix }: Network): boolean =>
    valueOf(latencies.find({ family, address, sourcePrefix: prefix })) >= 0;

  for (const [index, { network, regions: near }] of operator.entries.entries())
    if (valueOf(operator.find({ ...network, sourcePrefix: network.prefix })) === index) write(network, namedFirst(near, regions));
  for (const [index, { network, regions: near }] of latencies.entries.entries()) {
    const isLast = valueOf(latencies.find({ ...network, sourcePrefix: network.prefix })) === index;
    if (isLast && !saysOperator(network)) write(network, namedFirst(near, regions));
  }
  if (countries === null) return lines.join('');
  const orders = new Map<string, readonly number[]>();
  for (const family of [1, 2] as const) {
    const networks = sweepTable(countries, family, (value, network) => {
      const code = value < 0 || saysOperator(network) || isMeasured(network) ? '' : countries.codeOf(value);
      const order = code === '' ? undefined : nearestTo(code, regions);
      if (order === undefined) return null;
      // Equal orders become one list, so that neighbours join.
      const key = order.join(' ');
      return orders.get(key) ?? orders.set(key, order).get(key) ?? null;
    });
    for (const { network, label } of networks) if (label !== null && !isLikeV4(network)) write(network, label);
  }
  return lines.join('');
}

/** gdnsd takes no networks there: it turns such addresses into IPv4 before it looks (gdnsd-plugin-geoip(8), "IPv4 Compatible Addresses"). */
const LIKE_V4 = ['::/96', '::ffff:0:0:0/96', '64:ff9b::/96', '2001::/32', '2002::/16'].map((text) => parseNetwork(text));

function isLikeV4(network: Network): boolean {
  return LIKE_V4.some((like) => like !== undefined && network.family === 2 && network.prefix >= like.prefix && covers(like, network));
}

function covers({ address, prefix }: Network, other: Network): boolean {
  for (let bit = 0; bit < prefix; bit += 1) if (bitAt(address, bit) !== bitAt(other.address, bit)) return false;
  return true;
}

function listText(regions: readonly SteeredRegion[]): string {
  return `[ ${regions.map(({ name }) => name).join(', ')} ]`;
}
