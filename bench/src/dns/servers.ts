import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { superviseChild } from '@bioscope/host';
import { cpuNsOfProcess } from '../delivery/cpu.ts';
import { askAddresses } from './ask.ts';
import { clientOf, HOST, NAMES, PLAIN_ZONE, REGIONS, TTL_SECONDS, ZONE } from './ground.ts';

export type DnsServer = {
  readonly name: string;
  readonly port: number;
  /** Nanoseconds of CPU that its process has used so far. */
  cpuNs(): number;
  stop(): Promise<void>;
};

type Start = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, string>>;
};

const START_DEADLINE_MS = 10_000;
const [NEAR, OTHER] = REGIONS;

/** Ours: the unit with steering by the operator's prefixes, cookies, counters, and response rate limiting that limits nobody but is paid for. */
export function startOurs(folder: string): Promise<DnsServer> {
  const own = join(folder, 'ours');
  const picture = {
    version: 1,
    dnsTtlSeconds: TTL_SECONDS,
    regions: REGIONS.map(({ name, addresses }) => ({
      name,
      state: 'REGION_STATE_SERVING',
      weight: 1,
      health: { well: true },
      zones: addresses.map((address, i) => ({ name: String(i + 1), gateways: [{ address: `${address}:443`, healthy: true }] })),
    })),
  };
  return start(own, (port) => ({
    name: 'bioscope dns',
    command: process.execPath,
    args: [join(import.meta.dirname, 'our-process.ts')],
    env: {
      BIOSCOPE_DNS_ADDRESSES: HOST,
      BIOSCOPE_DNS_PORT: String(port),
      BIOSCOPE_DNS_ZONE: ZONE,
      BIOSCOPE_DNS_NAMES: NAMES.join(' '),
      BIOSCOPE_DNS_STATE: join(own, 'picture.json'),
      BIOSCOPE_DNS_PREFIXES: join(own, 'prefixes'),
      BIOSCOPE_DNS_UNLIMITED: '',
      BIOSCOPE_DNS_ANSWERS_PER_SECOND: '100000000',
    },
    files: {
      'picture.json': JSON.stringify(picture),
      prefixes: REGIONS.flatMap(({ name, networks }) => networks.map((network) => `${network} ${name}\n`)).join(''),
    },
  }));
}

/** Knot with its geoip module by subnets: the quickest of the full servers. */
export function startKnot(folder: string): Promise<DnsServer> {
  const own = join(folder, 'knot');
  const networks = REGIONS.flatMap(({ networks: all, addresses }) =>
    all.map((network) => `  - net: ${network}\n    A: [ ${addresses.join(', ')} ]`),
  );
  const everybody = `  - net: 0.0.0.0/0\n    A: [ ${(NEAR?.addresses ?? []).join(', ')} ]`;
  return start(own, (port) => ({
    name: 'Knot, geoip',
    command: 'knotd',
    args: ['-c', join(own, 'knot.conf')],
    files: {
      zone: `${PLAIN_ZONE}${NAMES.map((name) => `${name} ${TTL_SECONDS} A ${NEAR?.addresses[0] ?? ''}\n`).join('')}`,
      geo: NAMES.map((name) => `${name}.${ZONE}:\n${networks.join('\n')}\n${everybody}\n`).join(''),
      'knot.conf': `
server:
  listen: ${HOST}@${port}
  rundir: ${own}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
  edns-client-subnet: on
database:
  storage: ${own}
log:
  - target: stderr
    any: error
mod-geoip:
  - id: here
    config-file: ${own}/geo
    ttl: ${TTL_SECONDS}
    mode: subnet
zone:
  - domain: ${ZONE}
    file: ${own}/zone
    zonefile-sync: -1
    journal-content: none
    module: mod-geoip/here
`,
    },
  }));
}

/** PowerDNS with a Lua record that looks at the client's network: what people use to steer by code. */
export function startPowerDns(folder: string): Promise<DnsServer> {
  const own = join(folder, 'powerdns');
  const list = (words: readonly string[]): string => `{${words.map((word) => `'${word}'`).join(', ')}}`;
  const choose = `;if netmask(${list(OTHER?.networks ?? [])}) then return ${list(OTHER?.addresses ?? [])} else return ${list(NEAR?.addresses ?? [])} end`;
  return start(own, (port) => ({
    name: 'PowerDNS, Lua record',
    command: 'pdns_server',
    args: [`--config-dir=${own}`],
    files: {
      zone: `${PLAIN_ZONE}${NAMES.map((name) => `${name} ${TTL_SECONDS} IN LUA A "${choose}"\n`).join('')}`,
      'named.conf': `zone "${ZONE}" { type master; file "${own}/zone"; };\n`,
      'pdns.conf': [
        'launch=bind',
        `bind-config=${own}/named.conf`,
        `local-address=${HOST}`,
        `local-port=${port}`,
        `socket-dir=${own}`,
        'guardian=no',
        'daemon=no',
        'receiver-threads=1',
        'distributor-threads=1',
        'enable-lua-records=shared',
        'edns-subnet-processing=yes',
        'loglevel=3',
        'security-poll-suffix=',
        '',
      ].join('\n'),
    },
  }));
}

async function start(folder: string, describe: (port: number) => Start): Promise<DnsServer> {
  const port = await freePort();
  const { name, command, args, env = {}, files } = describe(port);
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  const lines: string[] = [];
  const child = await superviseChild({
    name: `bench-${basename(folder)}`,
    command,
    args: [...args],
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin`, ...env },
    onLine: (line) => void lines.push(line),
  });
  try {
    await untilRight(name, port, lines);
  } catch (error) {
    await child.stop();
    throw error;
  }
  return {
    name,
    port,
    cpuNs() {
      const pid = child.pid();
      if (pid === null) throw new Error(`${name} ended: ${lines.join('; ')}`);
      return cpuNsOfProcess(pid);
    },
    stop: () => child.stop(),
  };
}

/** Until it answers, and then every name and network must lead to the right region: other answers would make the comparison worthless. */
async function untilRight(name: string, port: number, lines: readonly string[]): Promise<void> {
  const endMs = performance.now() + START_DEADLINE_MS;
  for (;;) {
    const first = await askAddresses(port, `${NAMES[0]}.${ZONE}`, clientOf(0)).catch(() => null);
    if (first !== null) break;
    if (performance.now() > endMs) throw new Error(`${name} did not start: ${lines.join('; ')}`);
    await pause(50);
  }
  for (let round = 0; round < 16; round += 1) {
    const client = clientOf(round);
    const expected = REGIONS[client.region]?.addresses.join();
    for (const each of NAMES) {
      const addresses = await askAddresses(port, `${each}.${ZONE}`, client);
      if (addresses.join() !== expected) throw new Error(`${name} answers ${each} for ${client.bytes.join('.')} with ${addresses.join()}`);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, HOST);
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (typeof bound !== 'object' || bound === null) throw new Error('no port is free');
  return bound.port;
}
