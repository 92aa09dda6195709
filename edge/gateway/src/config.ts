import type { HostClass } from './exchange.ts';

/** Where certificates come from: two files of the operator, or an authority of this service's own in its state folder. */
export type TlsConfig =
  | { readonly kind: 'files'; readonly certificateFile: string; readonly keyFile: string }
  | { readonly kind: 'local'; readonly folder: string };

type Environment = Readonly<Record<string, string | undefined>>;

export type GatewayConfig = {
  /** Where it listens. */
  readonly address: string;
  readonly port: number;
  /** Others may listen on the same address and port (SO_REUSEPORT): so a new gateway takes over from an old one without a gap. */
  readonly sharesPort: boolean;
  /** What follows `app.`, `console.`, `api.` and `play.`. */
  readonly suffix: string;
  readonly operatorToken: string;
  /** ISO 3166-1 alpha-2 of clients whose address tells nothing, such as those of private networks; "" where there is none. */
  readonly country: string;
  /** A file in MaxMind's format; "" is the one that comes along, "none" none. */
  readonly countryTable: string;
  /** Names this gateway among all; the same after a restart. */
  readonly instance: string;
  /** Where it stands, as regions and other gateways know it. */
  readonly region: string;
  readonly zone: string;
  /** host:port under which clients reach its door, where that is not what it listens on; "" where it is. */
  readonly publicAddress: string;
  /** A second door, with TLS; undefined: none. */
  readonly secure: { readonly port: number; readonly tls: TlsConfig } | undefined;
  /** Where browsers may fetch films from: origins of appliances and other delivery networks. */
  readonly cdnOrigins: readonly string[];
  /** Requests under way per virtual host. Beyond it a request is answered 503 at once: waiting would only make the drowning host's trouble last. */
  readonly underWayMax: Readonly<Record<HostClass, number>>;
  /** No route waits longer than this for the head of an answer. */
  readonly headTimeoutMsMax: number;
  /** Units are told whom a request concerns, for faults on purpose. */
  readonly mayHaveFaults: boolean;
};

/** Play comes before browse: its share is its own, and as large as the others' together. */
const UNDER_WAY_MAX = { app: 512, console: 64, api: 512, play: 1_024 } as const;
/** The routes' own limits are all below it. */
const HEAD_TIMEOUT_MS_MAX = 60_000;
/** Appliances of one machine are 127.0.0.2 and following, all on one port. */
const LOCAL_APPLIANCES = ['127.0.0.2', '127.0.0.3', '127.0.0.4', '127.0.0.5', '127.0.0.6', '127.0.0.7', '127.0.0.8', '127.0.0.9'];
const HTTPS_PORT = 8_443;
/** Name servers answer with it: a name would need another name server. */
const PUBLIC_ADDRESS = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[0-9.]{7,15}):\d{1,5}$/;
const HOST_NAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/;
const TOKEN_CHARACTERS_MIN = 16;

/** Throws one error that names every setting that is wrong. */
export function readConfig(environment: Environment): GatewayConfig {
  const problems: string[] = [];
  const port = portOf(environment, 'BIOSCOPE_PORT', 8_080, problems);
  const cdnPort = portOf(environment, 'BIOSCOPE_CDN_PORT', Math.min(port + 1, 65_535), problems);
  const suffix = (environment['BIOSCOPE_HOST'] ?? 'localhost').toLowerCase();
  if (!HOST_NAME.test(suffix)) problems.push(`BIOSCOPE_HOST: "${suffix}" is not a host name`);
  const operatorToken = environment['BIOSCOPE_OPERATOR_TOKEN'] ?? '';
  if (operatorToken.length < TOKEN_CHARACTERS_MIN) problems.push(`BIOSCOPE_OPERATOR_TOKEN: at least ${TOKEN_CHARACTERS_MIN} characters`);
  const country = environment['BIOSCOPE_COUNTRY'] ?? '';
  if (!/^([A-Z]{2})?$/.test(country)) problems.push(`BIOSCOPE_COUNTRY: "${country}" is not a country such as DE`);
  const region = environment['BIOSCOPE_REGION'] ?? 'local';
  const zone = environment['BIOSCOPE_ZONE'] ?? 'a';
  const instance = environment['BIOSCOPE_INSTANCE'] ?? `${region}-${zone}-${port}`;
  if (!/^[a-z0-9-]{1,40}$/.test(instance)) problems.push(`BIOSCOPE_INSTANCE: "${instance}" is not 1 to 40 of a-z 0-9 -`);
  const named = environment['BIOSCOPE_CDN_ORIGINS']?.split(/\s+/).filter((origin) => origin !== '');
  for (const origin of named ?? []) {
    if (URL.parse(origin)?.origin !== origin)
      problems.push(`BIOSCOPE_CDN_ORIGINS: "${origin}" is not an origin such as https://cdn.example.org`);
  }
  const underWayMax = {
    app: countOf(environment, 'BIOSCOPE_GATEWAY_APP_MAX', UNDER_WAY_MAX.app, problems),
    console: countOf(environment, 'BIOSCOPE_GATEWAY_CONSOLE_MAX', UNDER_WAY_MAX.console, problems),
    api: countOf(environment, 'BIOSCOPE_GATEWAY_API_MAX', UNDER_WAY_MAX.api, problems),
    play: countOf(environment, 'BIOSCOPE_GATEWAY_PLAY_MAX', UNDER_WAY_MAX.play, problems),
  };
  const publicAddress = environment['BIOSCOPE_GATEWAY_PUBLIC_ADDRESS'] ?? '';
  if (publicAddress !== '' && !PUBLIC_ADDRESS.test(publicAddress))
    problems.push(`BIOSCOPE_GATEWAY_PUBLIC_ADDRESS: "${publicAddress}" is not an IP address with a port`);
  const secure = secureOf(environment, problems);
  const headTimeoutMsMax = countOf(environment, 'BIOSCOPE_GATEWAY_HEAD_TIMEOUT_MS', HEAD_TIMEOUT_MS_MAX, problems);
  if (problems.length > 0) throw new Error(`the gateway's settings are wrong: ${problems.join('; ')}`);
  return {
    address: environment['BIOSCOPE_GATEWAY_ADDRESS'] ?? '127.0.0.1',
    port,
    sharesPort: environment['BIOSCOPE_GATEWAY_SHARES_PORT'] === '1',
    suffix,
    operatorToken,
    country,
    countryTable: environment['BIOSCOPE_COUNTRY_TABLE'] ?? '',
    instance,
    region,
    zone,
    publicAddress,
    secure,
    cdnOrigins: named ?? LOCAL_APPLIANCES.map((address) => `http://${address}:${cdnPort}`),
    underWayMax,
    headTimeoutMsMax,
    mayHaveFaults: environment['BIOSCOPE_CHAOS'] === '1',
  };
}

function secureOf(environment: Environment, problems: string[]): GatewayConfig['secure'] {
  const kind = environment['BIOSCOPE_TLS'] ?? '';
  const port = portOf(environment, 'BIOSCOPE_HTTPS_PORT', HTTPS_PORT, problems);
  const needed = (name: string, what: string): string => {
    const value = environment[name] ?? '';
    if (value === '') problems.push(`${name}: BIOSCOPE_TLS=${kind} needs ${what}`);
    return value;
  };
  switch (kind) {
    case '':
      return undefined;
    case 'files': {
      const certificateFile = needed('BIOSCOPE_TLS_CERT', 'a file with the certificate and those between it and its authority (PEM)');
      return { port, tls: { kind, certificateFile, keyFile: needed('BIOSCOPE_TLS_KEY', 'a file with the private key (PEM)') } };
    }
    case 'local':
      return { port, tls: { kind, folder: needed('BIOSCOPE_DATA', 'the folder for all state') } };
    default:
      problems.push(`BIOSCOPE_TLS: "${kind}" is neither "files" nor "local"`);
      return undefined;
  }
}

function countOf(environment: Environment, name: string, otherwise: number, problems: string[]): number {
  const text = environment[name];
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  problems.push(`${name}: "${text}" is not a whole number above 0`);
  return otherwise;
}

function portOf(environment: Environment, name: string, otherwise: number, problems: string[]): number {
  const text = environment[name];
  if (text === undefined) return otherwise;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 65_536) return port;
  problems.push(`${name}: "${text}" is not a port (0 to 65535)`);
  return otherwise;
}
