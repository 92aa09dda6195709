import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { bytes, type KvStore, newToken } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { Bench, BenchOptions, BenchResult } from './bench.ts';

export const bench: Bench = {
  name: 'store',
  about: 'durable puts and reads through the key-value port, against a bare node:sqlite loop that commits batches of 256',
  run,
};

/** Counted operations, wall and CPU time, added up over rounds. */
type Tally = { count: number; ms: number; cpuSeconds: number };
type Contender = {
  readonly name: string;
  readonly tally: Tally;
  readonly round: (forMs: number) => Promise<{ count: number; ms: number }>;
};

async function run(options: BenchOptions): Promise<BenchResult> {
  const rounds = options.quick ? 2 : 8;
  const roundMs = options.quick ? 300 : 1_500;
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-bench-store-'));
  const kv = await openKv({ folder: path.join(folder, 'port') });
  const raw = startRawLoop(path.join(folder, 'raw.db'));
  try {
    const contenders: readonly Contender[] = [
      contender('bare loop, batches of 256', (forMs) => raw.round(forMs)),
      ...[256, 16, 1].map((callers) => contender(`put, ${callers} callers`, (forMs) => callAll(callers, forMs, () => putOne(kv)))),
      contender('get, 256 callers', (forMs) => callAll(256, forMs, () => getOne(kv))),
    ];
    // One round of each to warm up: code compiled, files grown, pages in memory.
    for (const { round } of contenders) await round(roundMs);
    for (let index = 1; index <= rounds; index += 1) {
      // Turn about, and in turning order: what the machine does meanwhile hits all alike.
      for (const one of index % 2 === 0 ? contenders.toReversed() : contenders) await measure(one, roundMs);
      options.say(`round ${index} of ${rounds}`);
    }
    return resultOf(contenders, rounds, roundMs);
  } finally {
    await raw.close();
    await kv.close();
    await rm(folder, { recursive: true, force: true });
  }
}

function contender(name: string, round: Contender['round']): Contender {
  return { name, round, tally: { count: 0, ms: 0, cpuSeconds: 0 } };
}

async function measure({ tally, round }: Contender, forMs: number): Promise<void> {
  const before = process.cpuUsage();
  const { count, ms } = await round(forMs);
  const { user, system } = process.cpuUsage(before);
  tally.count += count;
  tally.ms += ms;
  tally.cpuSeconds += (user + system) / 1e6;
}

/** So many callers, each asking again once answered. */
async function callAll(callers: number, forMs: number, call: () => Promise<unknown>): Promise<{ count: number; ms: number }> {
  const startedAt = performance.now();
  const end = startedAt + forMs;
  let count = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      await call();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return { count, ms: performance.now() - startedAt };
}

const VALUE_BYTES = 100;
/** Enough that the table does not fit in SQLite's page cache. */
const RECORDS = 200_000;
const KEY = bytes('v');
const VALUE = new Uint8Array(VALUE_BYTES).fill(7);

function putOne({ items }: KvStore): Promise<void> {
  return items.put({ namespace: 'bench', record: randomRecord(), items: [{ key: KEY, value: VALUE }], token: newToken() });
}

function getOne({ items }: KvStore): Promise<unknown> {
  return items.get({ namespace: 'bench', record: randomRecord() });
}

function startRawLoop(file: string): { round(forMs: number): Promise<{ count: number; ms: number }>; close(): Promise<void> } {
  const workerData = { file, batch: 256, valueBytes: VALUE_BYTES, records: RECORDS };
  const worker = new Worker(new URL('./store-raw-loop.ts', import.meta.url), { workerData });
  return {
    async round(forMs) {
      worker.postMessage(forMs, []);
      const [result] = (await once(worker, 'message')) as [{ count: number; ms: number }];
      return result;
    },
    async close() {
      worker.postMessage('close', []);
      await once(worker, 'exit');
    },
  };
}

function resultOf(contenders: readonly Contender[], rounds: number, roundMs: number): BenchResult {
  const perSecond = ({ tally }: Contender): number => (tally.count / tally.ms) * 1000;
  const [raw, put256] = contenders;
  if (raw === undefined || put256 === undefined) throw new Error('the bench has lost its contenders');
  return {
    figures: { vsRawBatch: Number((perSecond(put256) / perSecond(raw)).toFixed(3)) },
    columns: ['what', 'per second', 'per CPU second', 'CPU seconds', 'wall seconds'],
    rows: contenders.map((one) => [
      one.name,
      Math.round(perSecond(one)),
      Math.round(one.tally.count / one.tally.cpuSeconds),
      Number(one.tally.cpuSeconds.toFixed(2)),
      Number((one.tally.ms / 1000).toFixed(2)),
    ]),
    notes: [
      `Values of ${VALUE_BYTES} bytes over ${RECORDS} records; ${rounds} interleaved rounds of ${roundMs} ms each after one to warm up.`,
      'Both sides: WAL, synchronous=FULL, the same table and upsert, a checkpoint every 4 000 pages. CPU seconds are of the whole process.',
      `Node ${process.version}, SQLite ${process.versions['sqlite']}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown CPU'}.`,
    ],
  };
}

function randomRecord(): string {
  return `record ${Math.floor(Math.random() * RECORDS)}`;
}
