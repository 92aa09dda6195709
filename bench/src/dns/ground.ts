/** What every server of the bench serves: two regions of three gateways, and eight client networks of each. */
export const ZONE = 'bioscope.test';
export const NAMES: readonly string[] = ['app', 'api', 'play', 'console'];
export const TTL_SECONDS = 30;
export const REGIONS: readonly { readonly name: string; readonly addresses: readonly string[]; readonly networks: readonly string[] }[] = [
  1, 2,
].map((r) => ({
  name: String.fromCharCode(96 + r),
  addresses: [1, 2, 3].map((zone) => `127.${r}.${zone}.1`),
  networks: Array.from({ length: 8 }, (_, i) => `10.${r}${i}.0.0/16`),
}));

export const HOST = '127.0.0.1';

export type ClientNetwork = { readonly bytes: readonly [number, number, number]; readonly region: number };

/** Clients that resolvers would name by ECS, /24 each, taking the regions in turn. */
export function clientOf(round: number): ClientNetwork {
  const region = round % REGIONS.length;
  return { bytes: [10, (region + 1) * 10 + (round % 8), (round * 37) % 256], region };
}

/** The same for all servers, without the steered names. */
export const PLAIN_ZONE: string = [
  `$ORIGIN ${ZONE}.`,
  '$TTL 3600',
  '@ SOA ns1 hostmaster 1 7200 900 1209600 30',
  '@ NS ns1',
  `ns1 A ${HOST}`,
  '',
].join('\n');
