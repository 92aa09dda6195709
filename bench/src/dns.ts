import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import { clientOf, NAMES, REGIONS, ZONE } from './dns/ground.ts';
import { CLIENTS, runLoad } from './dns/load.ts';
import { startKnot, startOurs, startPowerDns } from './dns/servers.ts';
import type { DnsServer } from './dns/servers.ts';

/** Rounds are short and many: other work on the machine disturbs some of them, and the least disturbed one counts. */
const FULL = { rounds: 9, seconds: 2 };
const QUICK = { rounds: 2, seconds: 1 };
const PEERS = [
  { figure: 'vsKnot', start: startKnot, needs: 'knotd of Debian’s knot and knot-module-geoip' },
  { figure: 'vsPowerDnsLua', start: startPowerDns, needs: 'pdns_server of Debian’s pdns-server and pdns-backend-bind' },
] as const;

export const bench: Bench = {
  name: 'dns',
  about: 'Queries per CPU second with ECS: edge/dns against Knot with its geoip module and PowerDNS with a Lua record',
  run,
};

async function run(options: BenchOptions): Promise<BenchResult> {
  const { rounds, seconds } = options.quick ? QUICK : FULL;
  if (!(await isThere('dnsperf', '-h'))) return leftOut('Nothing was measured: dnsperf (Debian: dnsperf) is not installed.');
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-bench-dns-'));
  const servers: DnsServer[] = [];
  const notes: string[] = [];
  try {
    const ours = await startOurs(folder);
    servers.push(ours);
    const peers: { figure: string; server: DnsServer }[] = [];
    for (const { figure, start, needs } of PEERS) {
      if (!(await isThere(figure === 'vsKnot' ? 'knotd' : 'pdns_server', '--version'))) {
        notes.push(`${figure} was not measured: ${needs} is not installed.`);
        continue;
      }
      const server = await start(folder);
      servers.push(server);
      peers.push({ figure, server });
    }
    const file = join(folder, 'queries');
    await writeFile(file, NAMES.map((name) => `${name}.${ZONE} A\n`).join(''));
    const best = new Map<DnsServer, Sample>();
    for (let round = 0; round <= rounds; round += 1) {
      for (const server of servers) {
        const sample = await measure(server, { file, seconds, client: clientOf(round) });
        const before = best.get(server);
        // Round 0 warms up: compiled code, caches.
        if (round > 0 && (before === undefined || sample.perCpuSecond > before.perCpuSecond)) best.set(server, sample);
      }
      options.say(round === 0 ? 'warmed up' : `round ${round} of ${rounds}`);
    }
    return result({ ours, peers, best, rounds, seconds, notes });
  } finally {
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Sample = { readonly perCpuSecond: number; readonly perSecond: number };

async function measure(server: DnsServer, load: Omit<Parameters<typeof runLoad>[0], 'port'>): Promise<Sample> {
  const before = server.cpuNs();
  const { queries, perSecond } = await runLoad({ ...load, port: server.port });
  return { perCpuSecond: (queries / (server.cpuNs() - before)) * 1e9, perSecond };
}

type Measured = {
  readonly ours: DnsServer;
  readonly peers: readonly { readonly figure: string; readonly server: DnsServer }[];
  readonly best: ReadonlyMap<DnsServer, Sample>;
  readonly rounds: number;
  readonly seconds: number;
  readonly notes: readonly string[];
};

function result({ ours, peers, best, rounds, seconds, notes }: Measured): BenchResult {
  const speed = (server: DnsServer): number => best.get(server)?.perCpuSecond ?? Number.NaN;
  return {
    figures: {
      perCpuSecond: Math.round(speed(ours)),
      ...Object.fromEntries(peers.map(({ figure, server }) => [figure, Number((speed(ours) / speed(server)).toFixed(3))])),
    },
    columns: ['server', 'queries per CPU s', 'CPU µs per query', 'queries/s'],
    rows: [...best].map(([{ name }, { perCpuSecond, perSecond }]) => [
      name,
      Math.round(perCpuSecond),
      (1e6 / perCpuSecond).toFixed(1),
      Math.round(perSecond),
    ]),
    notes: [
      ...notes,
      `A records of ${NAMES.length} names by UDP with ECS, ${REGIONS.length} regions, ${REGIONS.length * 8} client networks; every server's answers were checked before.`,
      `dnsperf with ${CLIENTS} clients, ${rounds} interleaved rounds of ${seconds} s, another client network in each; the round with the least CPU per query counts.`,
      'CPU of the server processes from /proc/<pid>/task/*/schedstat; queries/s is what one shared machine gave beside the client.',
      `Ours is the whole unit, response rate limiting and cookies on, in Node ${process.version}; the others have one UDP thread and no rate limiting, which is their default.`,
    ],
  };
}

function leftOut(why: string): BenchResult {
  return { figures: {}, columns: ['server'], rows: [], notes: [why] };
}

async function isThere(command: string, argument: string): Promise<boolean> {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };
  try {
    await promisify(execFile)(command, [argument], { env });
    return true;
  } catch (error) {
    // Some tell their version and leave with 1.
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
