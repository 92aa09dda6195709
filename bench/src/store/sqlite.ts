import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { bytes, type KvStore, newToken } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { BenchOptions, BenchResult } from '../bench.ts';
import { callAll, COLUMNS, compete, type Contender, contender, perSecond, rowOf } from './contenders.ts';

/** Durable puts and reads through the port, against a bare node:sqlite loop that commits batches of 256. */
export async function benchSqlite(options: BenchOptions): Promise<BenchResult> {
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
    await compete(contenders, { rounds, roundMs, say: (line) => options.say(line) });
    return resultOf(contenders, rounds, roundMs);
  } finally {
    await raw.close();
    await kv.close();
    await rm(folder, { recursive: true, force: true });
  }
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
  const worker = new Worker(new URL('./raw-loop.ts', import.meta.url), { workerData });
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
  const [raw, put256] = contenders;
  if (raw === undefined || put256 === undefined) throw new Error('the bench has lost its contenders');
  return {
    figures: { vsRawBatch: Number((perSecond(put256) / perSecond(raw)).toFixed(3)) },
    columns: COLUMNS,
    rows: contenders.map(rowOf),
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
