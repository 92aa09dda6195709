import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import { endAll, startSystem } from './scale/system.ts';
import type { Spent, System } from './scale/system.ts';

const COUNTS = [1, 2, 4, 8] as const;
const INSTANCES = 8;
/** Measurements that do not count because answers came too late, as they do where others need the machine more. */
const REPEATED_MAX = 10;
/** Each instance compiles its own code: all are asked together until the last of them is warm. */
const FULL = { warmUpCalls: 8_000, calls: 800, callsBefore: 160, rounds: 5 };
const QUICK = { warmUpCalls: 1_600, calls: 240, callsBefore: 80, rounds: 1 };

export const bench: Bench = {
  name: 'scale',
  about: 'CPU per request of everything behind the gateway’s door with 1, 2, 4 and 8 instances of a group',
  run,
};

type Count = (typeof COUNTS)[number];
/** CPU milliseconds per page: all of it, and without what the same processes spend in the same time when nobody asks. */
type Sample = {
  readonly allMs: number;
  readonly frontMs: number;
  readonly instancesMs: number;
  readonly behindMs: number;
  /** Of all, per second. */
  readonly idleMsPerSecond: number;
  readonly withIdleMs: number;
  /** What the least busy instance did, as a share of an equal share. */
  readonly leastShare: number;
  /** Calls between the processes per page. */
  readonly callsInside: number;
  readonly pagesPerSecond: number;
};

async function run(options: BenchOptions): Promise<BenchResult> {
  const { warmUpCalls, calls, callsBefore, rounds } = options.quick ? QUICK : FULL;
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-bench-scale-'));
  const children: ChildProcess[] = [];
  try {
    const system = await startSystem({ folder, instances: INSTANCES, children, say: (line) => options.say(line) });
    await system.takePart([...Array.from({ length: INSTANCES }).keys()]);
    options.say('warming up');
    // Cold processes on a busy machine miss deadlines: here that is allowed.
    await system.ask(warmUpCalls);
    let repeated = 0;
    const samples = new Map<Count, Sample[]>(COUNTS.map((count) => [count, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const count of orderOf(round)) {
        // Others take part each time: no instance is like another.
        const idle = await system.takePart(Array.from({ length: count }, (_, index) => (round * 3 + index) % INSTANCES));
        // What the pause has cooled down is not the number's fault.
        await system.ask(callsBefore);
        let busy = await system.measure(calls);
        for (; busy.wrong > 0; repeated += 1) {
          if (repeated >= REPEATED_MAX) throw new Error(`${busy.wrong} of ${calls} answers were wrong or late with ${count} instances`);
          busy = await system.measure(calls);
        }
        const sample = sampleOf(busy, { idle, calls });
        samples.get(count)?.push(sample);
        options.say(
          `round ${round + 1} of ${rounds}, ${count} of ${INSTANCES}: ${sample.allMs.toFixed(2)} ms, ${sample.callsInside.toFixed(1)} calls inside`,
        );
      }
    }
    return result(samples, { rounds, calls, repeated });
  } finally {
    await endAll(children);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The machine's own speed drifts: few and many take turns, and nobody is always first. */
function orderOf(round: number): readonly Count[] {
  const order: readonly Count[] = [1, 8, 2, 4];
  return round % 2 === 0 ? order : order.toReversed();
}

function sampleOf(busy: Awaited<ReturnType<System['measure']>>, { idle, calls }: { idle: Spent; calls: number }): Sample {
  const perPage = (part: (spent: Spent) => number): number => (part(busy) - (part(idle) / idle.wallMs) * busy.wallMs) / calls;
  return {
    allMs: perPage(total),
    frontMs: perPage(({ frontMs }) => frontMs),
    instancesMs: perPage(({ instancesMs }) => sum(instancesMs)),
    behindMs: perPage(({ behindMs }) => behindMs),
    idleMsPerSecond: (total(idle) / idle.wallMs) * 1_000,
    withIdleMs: total(busy) / calls,
    leastShare: (Math.min(...busy.instancesMs) / sum(busy.instancesMs)) * busy.instancesMs.length,
    callsInside: busy.callsInside / calls,
    pagesPerSecond: (calls / busy.wallMs) * 1_000,
  };
}

function total({ frontMs, behindMs, instancesMs }: Spent): number {
  return frontMs + behindMs + sum(instancesMs);
}

function sum(values: readonly number[]): number {
  return values.reduce((one, other) => one + other, 0);
}

function result(
  samples: ReadonlyMap<Count, readonly Sample[]>,
  { rounds, calls, repeated }: { rounds: number; calls: number; repeated: number },
): BenchResult {
  const of = (count: Count, figure: keyof Sample): number => median((samples.get(count) ?? []).map((sample) => sample[figure]));
  const growth = (figure: keyof Sample, count: Count = 8): number => rounded(of(count, figure) / of(1, figure), 3);
  const spread = (count: Count, which: 'min' | 'max'): number =>
    rounded(Math[which](...(samples.get(count) ?? []).map(({ allMs }) => allMs)), 2);
  return {
    figures: {
      cpuGrowth1to8: growth('allMs'),
      cpuGrowth1to8WithIdle: growth('withIdleMs'),
      cpuGrowth1to2: growth('allMs', 2),
      cpuGrowth1to4: growth('allMs', 4),
      cpuMsPerRequest: rounded(of(1, 'allMs'), 3),
    },
    columns: [
      'instances',
      'CPU ms/request',
      'least',
      'most',
      'gateway',
      'group',
      'behind',
      'with idle share',
      'idle ms/s',
      'calls inside',
      'least busy instance',
      'requests/s',
    ],
    rows: COUNTS.map((count) => [
      count,
      rounded(of(count, 'allMs'), 2),
      spread(count, 'min'),
      spread(count, 'max'),
      rounded(of(count, 'frontMs'), 2),
      rounded(of(count, 'instancesMs'), 2),
      rounded(of(count, 'behindMs'), 2),
      rounded(of(count, 'withIdleMs'), 2),
      rounded(of(count, 'idleMsPerSecond'), 1),
      rounded(of(count, 'callsInside'), 1),
      rounded(of(count, 'leastShare'), 2),
      Math.round(of(count, 'pagesPerSecond')),
    ]),
    notes: [
      `CPU milliseconds (user + system) per home page, medians of ${rounds} rounds of ${calls} pages in which the numbers take turns; always 16 in flight, from a process that is not counted. The growth is the ratio of the medians.`,
      'Counted are the gateway, the instances that take part and what is behind them (discovery, storage on embedded engines, registry of schemas), each a process; an instance is graph gateway, catalog, home and playback, which ask each other through discovery in whichever instance.',
      'What the same processes spend when nobody asks (renewing leases, following discovery and log) is measured just before and taken off; it belongs to time and not to requests. The figures with it stand beside.',
      'All instances run all the time and are warm; those that do not take part have withdrawn from discovery, and which do changes. The least busy instance: what it spends as a share of an equal share.',
      ...(repeated === 0 ? [] : [`${repeated} measurements were repeated, because not every answer was the right page.`]),
      `Node ${process.version}.`,
    ],
  };
}

function median(values: readonly number[]): number {
  const ascending = values.toSorted((one, other) => one - other);
  const middle = ascending.length >> 1;
  const upper = ascending[middle] ?? 0;
  return ascending.length % 2 === 1 ? upper : ((ascending[middle - 1] ?? 0) + upper) / 2;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
