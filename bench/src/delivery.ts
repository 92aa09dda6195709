import { randomBytes } from 'node:crypto';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import { startLoad, type Load } from './delivery/load.ts';
import { startAppliance, startBareNginx, startNodeServer, startWithNewTokens, type DeliveryServer } from './delivery/servers.ts';

const MIB = 1024 * 1024;
const SIZES = [
  { name: '1 MiB', file: '1m.mp4', bytes: MIB },
  { name: '4 MiB', file: '4m.mp4', bytes: 4 * MIB },
] as const;
/** Rounds are short and many: other work on the machine disturbs some of them, and the least disturbed one counts. */
const FULL = { bytesPerRound: 384 * MIB, rounds: 15 };
const QUICK = { bytesPerRound: 128 * MIB, rounds: 3 };
const CONNECTIONS = 8;

export const bench: Bench = {
  name: 'delivery',
  about: 'Server CPU per byte: an appliance that checks tokens, the same nginx without tokens, a Node server of createReadStream pipes',
  run,
};

async function run(options: BenchOptions): Promise<BenchResult> {
  const { bytesPerRound, rounds } = options.quick ? QUICK : FULL;
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-bench-delivery-'));
  const servers: DeliveryServer[] = [];
  let load: Load | null = null;
  try {
    const filesFolder = join(folder, 'files');
    await mkdir(join(filesFolder, 'edition'), { recursive: true });
    for (const { file, bytes } of SIZES) await writeFile(join(filesFolder, 'edition', file), randomBytes(bytes));
    for (const start of [startAppliance, startBareNginx, startWithNewTokens, startNodeServer])
      servers.push(await start({ folder, filesFolder }));
    load = startLoad();

    const best = new Map<string, Sample>();
    for (let round = 0; round <= rounds; round++) {
      for (const size of SIZES) {
        for (const server of servers) {
          const sample = await measure(server, load, size, Math.max(1, Math.floor(bytesPerRound / size.bytes)));
          const key = `${server.name} ${size.name}`;
          const before = best.get(key);
          // Round 0 warms up: page cache, open files, compiled code.
          if (round > 0 && (before === undefined || sample.cpuNsPerByte < before.cpuNsPerByte)) best.set(key, sample);
        }
      }
      options.say(round === 0 ? 'warmed up' : `round ${round} of ${rounds}`);
    }
    return result(best, { rounds, bytesPerRound });
  } finally {
    load?.stop();
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Sample = { readonly server: string; readonly size: string; readonly cpuNsPerByte: number; readonly gibPerSecond: number };

async function measure(server: DeliveryServer, load: Load, size: (typeof SIZES)[number], requests: number): Promise<Sample> {
  const cpuBefore = server.cpuNs();
  const { bytes, seconds } = await load.run({
    host: server.address,
    port: server.port,
    paths: Array.from({ length: requests }, () => server.pathOf('edition', size.file)),
    connections: CONNECTIONS,
    bodyBytes: size.bytes,
  });
  const cpuNs = server.cpuNs() - cpuBefore;
  return { server: server.name, size: size.name, cpuNsPerByte: cpuNs / bytes, gibPerSecond: bytes / seconds / 1024 ** 3 };
}

function result(best: ReadonlyMap<string, Sample>, load: { rounds: number; bytesPerRound: number }): BenchResult {
  const costOf = (server: string, size: string): number => {
    const sample = best.get(`${server} ${size}`);
    if (sample === undefined) throw new Error(`${server} was not measured at ${size}`);
    return sample.cpuNsPerByte;
  };
  const ratio = (peer: string, size: string): number => Number((costOf(peer, size) / costOf('appliance', size)).toFixed(3));
  return {
    figures: {
      vsBareNginx1MiB: ratio('bare nginx', '1 MiB'),
      vsBareNginx4MiB: ratio('bare nginx', '4 MiB'),
      vsNode1MiB: ratio('node', '1 MiB'),
      vsNode4MiB: ratio('node', '4 MiB'),
    },
    columns: ['server', 'object', 'CPU s per GiB', 'GiB per CPU s', 'GiB/s'],
    rows: [...best.values()].map(({ server, size, cpuNsPerByte, gibPerSecond }) => {
      const cpuSeconds = (cpuNsPerByte * 1024 ** 3) / 1e9;
      return [server, size, cpuSeconds.toFixed(3), (1 / cpuSeconds).toFixed(2), gibPerSecond.toFixed(2)];
    }),
    notes: [
      `Hot files over loopback, ${CONNECTIONS} keep-alive connections, ${load.rounds} interleaved rounds of ${load.bytesPerRound / MIB} MiB; the round with the least CPU counts.`,
      'CPU of the server processes from /proc/<pid>/task/*/schedstat, in nanoseconds; the client is a process of its own and not counted. GiB/s is limited by that client.',
      'The appliance checks a token when it is new and then finds its grant, as in a session of hundreds of segments; "new tokens" shows the cost if every request were a first one.',
      'Bare nginx is the very configuration of the appliance without the token check; both log every request. The Node server is createReadStream(file).pipe(response) with defaults.',
      `Node ${process.version}.`,
    ],
  };
}
