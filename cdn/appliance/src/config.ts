import { accessSync, constants } from 'node:fs';
import { userInfo } from 'node:os';
import { isIP } from 'node:net';
import { isAbsolute } from 'node:path';
import { APPLIANCE_ID } from '@bioscope/control/contract';
import { messageOf } from './files/faults.ts';

/** What an operator says about one appliance. */
export type ApplianceSettings = {
  /** `[a-z0-9][a-z0-9-]*`, at most 32 characters; also the pathway id in manifests. */
  readonly id: string;
  /** Where nginx listens: an IP address of this machine. */
  readonly address: string;
  readonly port: number;
  /** Holds the files, and everything nginx needs. An absolute path. */
  readonly folder: string;
  /** What players put before `/t/`; default `http://<address>:<port>`. Set it where TLS or another name stands in front. */
  readonly baseUrl?: string;
  readonly site: string;
  readonly zone: string;
  readonly region: string;
  /** Default: as fast as it goes. */
  readonly fillBytesPerSecondMax?: number;
  readonly fillParallelMax?: number;
  /** At most this much of the disk is used for files; default: all of it. */
  readonly bytesMax?: number;
  /** Always left free on the disk, default 256 MiB. */
  readonly reserveBytes?: number;
  /** nginx worker processes, default 1: one moves tens of Gb/s. */
  readonly workers?: number;
  /** Open client connections at once; 1.0 of load. Default 4 096. */
  readonly connectionsMax?: number;
  /** After it left the plan, a file is served and kept for this long. Default 60 000. */
  readonly graceMs?: number;
  /** How fast held files are read again to find rot. Default 8 MiB a second. */
  readonly scrubBytesPerSecond?: number;
};

export type ApplianceConfig = Required<Omit<ApplianceSettings, 'bytesMax' | 'fillBytesPerSecondMax'>> & {
  readonly bytesMax: number | null;
  readonly fillBytesPerSecondMax: number | null;
  readonly jsModule: string;
  readonly workerAccount: string | null;
};

const MIB = 1024 * 1024;

/** Where Linux distributions put it. */
const JS_MODULES = [
  '/usr/lib/nginx/modules/ngx_http_js_module.so',
  '/usr/lib64/nginx/modules/ngx_http_js_module.so',
  '/usr/share/nginx/modules/ngx_http_js_module.so',
  '/etc/nginx/modules/ngx_http_js_module.so',
];

/** Fills in defaults and throws one error that names every problem. Reads BIOSCOPE_NGINX_JS_MODULE: where the njs module lies. */
export function readConfig(settings: ApplianceSettings, environment: Readonly<Record<string, string | undefined>>): ApplianceConfig {
  const problems = [...problemsWith(settings), ...problemWithJsModule(environment)];
  if (problems.length > 0) throw new Error(`appliance ${settings.id}: ${problems.join('; ')}`);
  const account = userInfo();
  return {
    baseUrl: `http://${isIP(settings.address) === 6 ? `[${settings.address}]` : settings.address}:${settings.port}`,
    fillBytesPerSecondMax: null,
    fillParallelMax: 3,
    bytesMax: null,
    reserveBytes: 256 * MIB,
    workers: 1,
    connectionsMax: 4_096,
    graceMs: 60_000,
    scrubBytesPerSecond: 8 * MIB,
    ...settings,
    jsModule: findJsModule(environment),
    workerAccount: account.uid === 0 ? account.username : null,
  };
}

/** The njs module of this machine's nginx; throws with the mend when there is none. */
export function findJsModule(environment: Readonly<Record<string, string | undefined>>): string {
  const found = environment['BIOSCOPE_NGINX_JS_MODULE'] ?? JS_MODULES.find(isReadable);
  if (found === undefined) throw new Error('no njs module: install libnginx-mod-http-js, or name the file in BIOSCOPE_NGINX_JS_MODULE');
  return found;
}

function problemWithJsModule(environment: Readonly<Record<string, string | undefined>>): string[] {
  try {
    findJsModule(environment);
    return [];
  } catch (error) {
    return [messageOf(error)];
  }
}

function problemsWith(settings: ApplianceSettings): string[] {
  const problems: string[] = [];
  if (!APPLIANCE_ID.test(settings.id)) problems.push(`id must match ${APPLIANCE_ID.source}`);
  if (isIP(settings.address) === 0) problems.push(`address ${JSON.stringify(settings.address)} must be an IP address`);
  if (!isWithin(settings.port, 1, 65_535)) problems.push(`port ${settings.port} must be a whole number from 1 to 65535`);
  if (!isAbsolute(settings.folder)) problems.push(`folder ${JSON.stringify(settings.folder)} must be an absolute path`);
  for (const [name, min, max] of NUMBERS) {
    const value = settings[name];
    if (value !== undefined && !isWithin(value, min, max)) problems.push(`${name} ${value} must be a whole number from ${min} to ${max}`);
  }
  return problems;
}

const NUMBERS = [
  ['fillBytesPerSecondMax', 1_024, Number.MAX_SAFE_INTEGER],
  ['fillParallelMax', 1, 64],
  ['bytesMax', 1, Number.MAX_SAFE_INTEGER],
  ['reserveBytes', 0, Number.MAX_SAFE_INTEGER],
  ['workers', 1, 256],
  ['connectionsMax', 16, 1_000_000],
  ['graceMs', 0, 86_400_000],
  ['scrubBytesPerSecond', 1_024, Number.MAX_SAFE_INTEGER],
] as const;

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= min && value <= max;
}

function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
