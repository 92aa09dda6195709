/**
 * Addresses of a deployment on one machine. All of 127.0.0.0/8 is loopback on Linux and can be bound without set-up, so regions, zones and client
 * networks have addresses of their own:
 *
 * | address | who |
 * | --- | --- |
 * | 127.0.0.1 | the way in for a browser on this machine |
 * | 127.0.0.10 | storage: the embedded engines, outside all zones |
 * | 127.R.0.53 | the DNS server of region R (1, 2, …) |
 * | 127.R.Z.1 to .4 | zone Z (1, 2, …): the groups edge, play, browse, offline |
 * | 127.R.Z.5 | memcached of the zone |
 * | 127.R.Z.6 | discovery of the zone |
 * | 127.R.Z.11 … | delivery servers in the zone |
 * | 127.R.Z.101 … | instances added by hand |
 * | 127.(100+R).0.0/16 | clients near region R; 127.(100+R).200.0/24 is the network of its partner |
 */
export const ADDRESSES = {
  entrance: '127.0.0.1',
  storage: '127.0.0.10',
  dns: (region: number): string => `127.${region}.0.53`,
  inZone: (region: number, zone: number, place: number): string => `127.${region}.${zone}.${place}`,
  clients: (region: number): string => `127.${CLIENTS_FROM + region}.0.0/16`,
  partnerClients: (region: number): string => `127.${CLIENTS_FROM + region}.200.0/24`,
} as const;

const CLIENTS_FROM = 100;

/** The last byte of an address within a zone. */
export const PLACES = { edge: 1, play: 2, browse: 3, offline: 4, memcached: 5, discovery: 6, appliances: 11, added: 101 } as const;

/** So that regions and their clients do not meet. */
export const REGIONS_MAX = 26;
/** As many as the last bytes allow with room to spare; a zone more makes no service safer. */
export const ZONES_MAX = 9;
