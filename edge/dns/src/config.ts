import { randomBytes } from 'node:crypto';
import type { RateLimits } from './protect/rate-limiter.ts';
import { parseAddress } from './wire/address.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export type DnsConfig = {
  /** Each is listened on by UDP and TCP. */
  readonly addresses: readonly string[];
  readonly port: number;
  /** Lower case, without the last dot. */
  readonly zone: string;
  /** A master file (RFC 1035 5); "" = the zone is made from `zone`, `nameservers`, `alpn` and `caa`. */
  readonly zoneFile: string;
  /** Names below the zone whose addresses steering chooses. */
  readonly steeredNames: readonly string[];
  readonly nameservers: readonly { readonly name: string; readonly address: string }[];
  /** What the gateways speak by TLS, for HTTPS records of the steered names; "" = none, as where they speak no TLS. */
  readonly alpn: string;
  /** Who may issue certificates (RFC 8659); "" = nothing is said. */
  readonly caa: string;
  /** "regions" = follow the regions unit; anything else is a JSON file: name → addresses. */
  readonly steering: string;
  /** What NSID answers (RFC 5001); "" = nothing. */
  readonly serverId: string;
  /** The first makes cookies, the others are still accepted. */
  readonly cookieSecrets: readonly Uint8Array[];
  readonly rateLimits: RateLimits;
};

/** As NSD. Resolvers keep our answers for 30 s and so ask for one name twice a minute. */
const ANSWERS_PER_SECOND = 200;
/** As BIND, Knot and NSD: half of what is too much gets a chance to come back by TCP. */
const SLIP = 2;
/** Nobody outside can send from there (RFC 1122 3.2.1.3), so there is nobody to protect. */
const EXEMPT = '127.0.0.0/8 ::1/128';
const ADDRESSES_MAX = 32;
const NAME = /^(?=.{1,253}$)(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*$/;

/** Throws one error that names every setting that is wrong. */
export function readConfig(environment: Environment): DnsConfig {
  const problems: string[] = [];
  const words = (name: string, otherwise: string): string[] =>
    (environment[name] ?? otherwise).split(/[\s,]+/).filter((word) => word !== '');
  const count = (name: string, otherwise: number, max: number): number => {
    const text = environment[name] ?? String(otherwise);
    if (!/^\d{1,9}$/.test(text) || Number(text) > max) problems.push(`${name}: "${text}" is not a whole number from 0 to ${max}`);
    return Number(text);
  };
  const addresses = words('BIOSCOPE_DNS_ADDRESSES', '127.0.0.1');
  if (addresses.length === 0 || addresses.length > ADDRESSES_MAX) problems.push(`BIOSCOPE_DNS_ADDRESSES: 1 to ${ADDRESSES_MAX} addresses`);
  for (const address of addresses)
    if (parseAddress(address) === undefined) problems.push(`BIOSCOPE_DNS_ADDRESSES: "${address}" is no address`);
  const zone = (environment['BIOSCOPE_DNS_ZONE'] ?? 'bioscope.test').toLowerCase().replace(/\.$/, '');
  if (!NAME.test(zone)) problems.push(`BIOSCOPE_DNS_ZONE: "${zone}" is no name of a zone`);
  const steeredNames = words('BIOSCOPE_DNS_NAMES', 'app api play console').map((name) => name.toLowerCase());
  for (const name of steeredNames)
    if (name !== '@' && !NAME.test(name)) problems.push(`BIOSCOPE_DNS_NAMES: "${name}" is no name below the zone`);
  const nameservers = words('BIOSCOPE_DNS_NAMESERVERS', `ns1=${addresses[0] ?? ''}`).map((word) => {
    const [name = '', address = ''] = word.split('=');
    if (!NAME.test(name) || parseAddress(address) === undefined)
      problems.push(`BIOSCOPE_DNS_NAMESERVERS: "${word}" is not a name and an address such as ns1=192.0.2.53`);
    return { name, address };
  });
  const alpn = environment['BIOSCOPE_DNS_ALPN'] ?? '';
  if (!/^([a-z0-9./-]{1,20}(,[a-z0-9./-]{1,20})*)?$/.test(alpn))
    problems.push(`BIOSCOPE_DNS_ALPN: "${alpn}" is not a list such as h2,http/1.1`);
  const caa = environment['BIOSCOPE_DNS_CAA'] ?? '';
  if (caa !== '' && !NAME.test(caa)) problems.push(`BIOSCOPE_DNS_CAA: "${caa}" is no name of an authority such as letsencrypt.org`);
  const serverId = environment['BIOSCOPE_DNS_SERVER_ID'] ?? environment['BIOSCOPE_REGION'] ?? '';
  if (!/^[\x21-\x7e]{0,64}$/.test(serverId)) problems.push('BIOSCOPE_DNS_SERVER_ID: at most 64 printable ASCII characters');
  const secrets = words('BIOSCOPE_DNS_COOKIE_SECRETS', '');
  if (secrets.some((secret) => !/^[0-9a-fA-F]{32}$/.test(secret)))
    problems.push('BIOSCOPE_DNS_COOKIE_SECRETS: each has 32 hexadecimal digits');
  const config: DnsConfig = {
    addresses,
    port: count('BIOSCOPE_DNS_PORT', 5_300, 65_535),
    zone,
    zoneFile: environment['BIOSCOPE_DNS_ZONE_FILE'] ?? '',
    steeredNames,
    nameservers,
    alpn,
    caa,
    steering: environment['BIOSCOPE_DNS_STEERING'] ?? 'regions',
    serverId,
    cookieSecrets: secrets.length === 0 ? [randomBytes(16)] : secrets.map((secret) => Uint8Array.from(Buffer.from(secret, 'hex'))),
    rateLimits: {
      perSecond: count('BIOSCOPE_DNS_ANSWERS_PER_SECOND', ANSWERS_PER_SECOND, 100_000_000),
      slip: count('BIOSCOPE_DNS_SLIP', SLIP, 100),
      exempt: words('BIOSCOPE_DNS_UNLIMITED', EXEMPT).flatMap((word) => networkOf(word, problems)),
      seed: randomBytes(4).readUInt32BE(),
    },
  };
  if (problems.length > 0) throw new Error(`the settings of dns are wrong: ${problems.join('; ')}`);
  return config;
}

function networkOf(text: string, problems: string[]): RateLimits['exempt'][number][] {
  const [address = '', prefix = ''] = text.split('/');
  const bytes = parseAddress(address)?.bytes;
  if (bytes !== undefined && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bytes.length * 8) return [{ bytes, prefix: Number(prefix) }];
  problems.push(`BIOSCOPE_DNS_UNLIMITED: "${text}" is not a network such as 192.0.2.0/24`);
  return [];
}
