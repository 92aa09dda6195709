import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, BenchOptions, BenchResult } from './bench.ts';
import { processes, startBackend, startContender } from './home/measure.ts';
import type { Contender, Sample } from './home/measure.ts';
import type { HomeAnswer } from './home/page.ts';
import { ANSWERERS } from './home/parts.ts';
import type { Answerer } from './home/parts.ts';

/** A few members at once: enough that neither side waits, too few to queue. */
const IN_FLIGHT = 4;
/** Rounds are short and take turns: the machine's own speed drifts, and the median does not mind a disturbed one. */
const FULL = { warmUpCalls: 1_500, calls: 250, rounds: 11 };
const QUICK = { warmUpCalls: 300, calls: 80, rounds: 5 };

export const bench: Bench = {
  name: 'home',
  about: 'CPU of a home page at the edge: gateway and graph gateway against gateway and a hand-written handler of the same three calls',
  run,
};

async function run(options: BenchOptions): Promise<BenchResult> {
  const { warmUpCalls, calls, rounds } = options.quick ? QUICK : FULL;
  await using started = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-bench-home-'));
  started.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const children = started.use(processes());
  options.say('filling the catalogue');
  const backend = await startBackend(children, folder);
  const contenders: Contender[] = [];
  for (const answerer of ANSWERERS) contenders.push(await startContender(children, { answerer, folder, backend }));
  const page = await samePage(contenders);
  for (const contender of contenders) {
    options.say(`warming up: ${contender.answerer}`);
    await contender.measure({ calls: warmUpCalls, inFlight: IN_FLIGHT });
  }
  const samples = new Map<Answerer, Sample[]>(ANSWERERS.map((answerer) => [answerer, []]));
  for (let round = 1; round <= rounds; round += 1) {
    // Who goes first changes, so that nobody always follows the other's traces in the caches.
    for (const contender of round % 2 === 0 ? contenders.toReversed() : contenders)
      samples.get(contender.answerer)?.push(await contender.measure({ calls, inFlight: IN_FLIGHT }));
    options.say(`round ${round} of ${rounds}`);
  }
  return result(samples, { calls, rounds, page });
}

/** Both must say the same before it is worth anything how fast they say it. */
async function samePage(contenders: readonly Contender[]): Promise<string> {
  const [page, ...others] = await Promise.all(contenders.map((each) => each.first()));
  assert(page !== undefined);
  for (const other of others) assert.deepEqual(JSON.parse(other), JSON.parse(page));
  return page;
}

function result(
  samples: ReadonlyMap<Answerer, readonly Sample[]>,
  { calls, rounds, page }: { calls: number; rounds: number; page: string },
): BenchResult {
  const edgeMs = (answerer: Answerer): number[] => sorted(samples.get(answerer) ?? [], ({ edgeMs }) => edgeMs);
  const ratios = roundRatios(samples);
  const { rows, billboard } = (JSON.parse(page) as HomeAnswer).data.home;
  const cards = [...rows.flatMap((row) => row.cards), ...(billboard === null ? [] : [billboard])];
  return {
    figures: {
      vsHandWritten: rounded(median(edgeMs('graph gateway')) / median(edgeMs('hand-written')), 3),
      vsHandWrittenLeast: rounded(ratios[0] ?? 0, 3),
      vsHandWrittenMost: rounded(ratios.at(-1) ?? 0, 3),
      edgeMsPerPage: rounded(median(edgeMs('graph gateway')), 3),
      handWrittenMsPerPage: rounded(median(edgeMs('hand-written')), 3),
    },
    columns: ['behind the gateway', 'edge ms, median', 'least', 'most', 'services ms, median', 'pages/s, median'],
    rows: [...samples].map(([answerer, each]) => [
      answerer,
      rounded(median(edgeMs(answerer)), 2),
      rounded(edgeMs(answerer)[0] ?? 0, 2),
      rounded(edgeMs(answerer).at(-1) ?? 0, 2),
      rounded(median(sorted(each, ({ backendMs }) => backendMs)), 2),
      Math.round(median(sorted(each, ({ pagesPerSecond }) => pagesPerSecond))),
    ]),
    notes: [
      `CPU milliseconds (user + system) per page of the edge's process, which is gateway and answerer; ${IN_FLIGHT} in flight over connections that are kept, ${rounds} rounds of ${calls} pages that take turns. The ratio is that of the medians; least and most are of single rounds.`,
      `A page of ${rows.length} rows with ${cards.length} cards of ${new Set(cards.map((card) => card.title?.id)).size} titles, ${Math.round(page.length / 1024)} KiB, the same from both; every answer is compared with it.`,
      'Both ask home, then catalog and playback at once: the real services on embedded state, without membership, in one process of their own. The page is a persisted operation; its plan is made once.',
      `Node ${process.version}.`,
    ],
  };
}

/** Of each round, ascending. */
function roundRatios(samples: ReadonlyMap<Answerer, readonly Sample[]>): number[] {
  const peers = samples.get('hand-written') ?? [];
  return sorted((samples.get('graph gateway') ?? []).entries().toArray(), ([round, { edgeMs }]) => edgeMs / (peers[round]?.edgeMs ?? 0));
}

function sorted<T>(values: readonly T[], figure: (value: T) => number): number[] {
  return values.map(figure).sort((one, other) => one - other);
}

function median(ascending: readonly number[]): number {
  const middle = ascending.length >> 1;
  const upper = ascending[middle] ?? 0;
  return ascending.length % 2 === 1 ? upper : ((ascending[middle - 1] ?? 0) + upper) / 2;
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
