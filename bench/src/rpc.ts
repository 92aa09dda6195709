import ownPackage from '../package.json' with { type: 'json' };
import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import { startPair } from './rpc/measure.ts';
import type { Pair, Sample } from './rpc/measure.ts';
import { PEER_NAMES } from './rpc/peer.ts';
import type { PeerName } from './rpc/peer.ts';

const IN_FLIGHT = 32;
/** Rounds are short and many rather than long and few: the machine's own speed drifts over minutes, and the least disturbed round counts. */
const FULL = { warmUpCalls: 20_000, calls: 3_000, rounds: 16 };
const QUICK = { warmUpCalls: 5_000, calls: 1_500, rounds: 4 };

export const bench: Bench = {
  name: 'rpc',
  about: 'CPU of a small unary call, client + server: packages/rpc against connect-node',
  run,
};

async function run(options: BenchOptions): Promise<BenchResult> {
  const { warmUpCalls, calls, rounds } = options.quick ? QUICK : FULL;
  const pairs: Pair[] = [];
  try {
    for (const name of PEER_NAMES) pairs.push(await startPair(name));
    for (const pair of pairs) {
      options.say(`warming up ${pair.name}`);
      await pair.measure({ calls: warmUpCalls, inFlight: IN_FLIGHT });
    }
    const best = new Map<PeerName, Sample>();
    for (let round = 1; round <= rounds; round += 1) {
      for (const pair of pairs) {
        const sample = await pair.measure({ calls, inFlight: IN_FLIGHT });
        const before = best.get(pair.name);
        if (before === undefined || cpuUs(sample) < cpuUs(before)) best.set(pair.name, sample);
      }
      options.say(`round ${round} of ${rounds}`);
    }
    return result(best, { calls, rounds });
  } finally {
    for (const pair of pairs) pair.stop();
  }
}

function result(best: ReadonlyMap<PeerName, Sample>, load: { calls: number; rounds: number }): BenchResult {
  const costOf = (name: PeerName): number => {
    const sample = best.get(name);
    if (sample === undefined) throw new Error(`${name} was not measured`);
    return cpuUs(sample);
  };
  const stock = Math.min(costOf('connect-node HTTP/1.1'), costOf('connect-node HTTP/2'));
  return {
    figures: {
      vsConnectNode: rounded(costOf('bioscope') / stock, 3),
      cpuUsPerCall: rounded(costOf('bioscope'), 1),
      connectNodeCpuUsPerCall: rounded(stock, 1),
    },
    columns: ['peer', 'client µs', 'server µs', 'sum µs', 'calls/s'],
    rows: [...best].map(([name, sample]) => [
      name,
      rounded(sample.clientUs, 1),
      rounded(sample.serverUs, 1),
      rounded(cpuUs(sample), 1),
      Math.round(sample.callsPerSecond),
    ]),
    notes: [
      `200-byte text echoed in protobuf, ${IN_FLIGHT} in flight, one client and one server process per peer, ${load.rounds} interleaved rounds of ${load.calls} calls; the round with the least CPU counts.`,
      `Ours with caller credentials, discovery, deadlines, traces and metrics; connect-node ${ownPackage.dependencies['@connectrpc/connect-node']} with none of these. The ratio is to the cheaper of its two.`,
      `Node ${process.version}.`,
    ],
  };
}

function cpuUs(sample: Sample): number {
  return sample.clientUs + sample.serverUs;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
