import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type KvStore, utf8 } from '@bioscope/kv';
import { openKv } from '@bioscope/kv/sqlite';
import type { Log } from '../src/port.ts';
import { openLog } from '../src/sqlite/index.ts';

const KILLS = process.env['BIOSCOPE_TEST_ALL'] === '1' ? 200 : 10;
const WRITERS = 8;
const READY = 'ready\n';
const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

/** The highest number acknowledged to each writer, by what it wrote to: "items w3" → 1207. */
type Acknowledged = Map<string, number>;

it(`loses no acknowledged write over ${KILLS} kills at random moments`, { timeout: 40 * 60_000 }, async (test) => {
  test.diagnostic(`seed ${seed}`);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'bioscope-crash-'));
  const acknowledged: Acknowledged = new Map();
  const delivered: Acknowledged = new Map();
  const moments = randomMoments(seed);
  let total = 0;
  try {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const lines = await writeUntilKilled(folder, moments(kill));
      for (const line of lines) note(acknowledged, line);
      total += lines.length;
      await verify(folder, acknowledged, delivered, `after kill ${kill + 1} (seed ${seed})`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  test.diagnostic(`${total} acknowledged writes`);
  assert.equal(acknowledged.size, WRITERS * 4, 'some writers were never acknowledged anything: nothing was tested for them');
});

/** Starts the writer, kills it at the moment, and returns what it said. */
async function writeUntilKilled(folder: string, moment: Moment): Promise<string[]> {
  const writer = fileURLToPath(new URL('./crash-writer.ts', import.meta.url));
  const child = spawn(process.execPath, [writer, folder, String(WRITERS)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let errors = '';
  const kill = (): NodeJS.Timeout => setTimeout(() => child.kill('SIGKILL'), moment.afterMs);
  let timer = moment.from === 'start' ? kill() : undefined;
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    // After the word that it is ready comes the first acknowledgement.
    if (out.length > READY.length) timer ??= kill();
  });
  try {
    await ended(child);
  } finally {
    clearTimeout(timer);
    child.kill('SIGKILL');
  }
  assert.equal(child.signalCode, 'SIGKILL', `the writer ended by itself: ${errors}`);
  // The last line may be cut in the middle: it counts only when whole.
  return out
    .split('\n')
    .slice(0, -1)
    .filter((line) => `${line}\n` !== READY);
}

async function ended(child: ChildProcess): Promise<void> {
  const limit = AbortSignal.timeout(60_000);
  await once(child, 'close', { signal: limit });
}

async function verify(folder: string, acknowledged: Acknowledged, delivered: Acknowledged, when: string): Promise<void> {
  const [kv, log] = await Promise.all([openKv({ folder }), openLog({ folder })]);
  try {
    await verifyStore(kv, acknowledged, when);
    await verifyLog(log, acknowledged, delivered, when);
  } finally {
    await Promise.all([kv.close(), log.close()]);
  }
}

async function verifyStore(kv: KvStore, acknowledged: Acknowledged, when: string): Promise<void> {
  for (const [what, count] of acknowledged) {
    const [kind, id = ''] = what.split(' ');
    if (kind === 'items') {
      const { items } = await kv.items.get({ namespace: 'crash', record: id });
      const values = items.map(({ value }) => utf8(value));
      assert.equal(new Set(values).size, 1, `${what}: a put of three items was torn ${when}: ${values.join(' ')}`);
      assert.ok(Number(values[0]) >= count, `${what}: ${count} was acknowledged, ${values[0]} is there ${when}`);
    } else if (kind === 'register') {
      const version = (await kv.registers.read({ namespace: 'crash', name: id }))?.version ?? 0;
      assert.ok(version >= count, `${what}: version ${count} was acknowledged, ${version} is there ${when}`);
    } else if (kind === 'stream') {
      await verifyStream(kv, id, count, when);
    }
  }
}

async function verifyStream(kv: KvStore, stream: string, count: number, when: string): Promise<void> {
  const after = Math.max(0, count - 500);
  const { version, events } = await kv.streams.read({ namespace: 'crash', stream, after });
  assert.ok(version >= count, `stream ${stream}: version ${count} was acknowledged, ${version} is there ${when}`);
  assert.equal(version % 2, 0, `stream ${stream}: an append of two events was torn ${when}`);
  events.forEach((event, index) => {
    assert.equal(event.sequence, after + index + 1, `stream ${stream}: a gap ${when}`);
    assert.equal(utf8(event.data), String(event.sequence));
  });
}

/** One group reads on over all rounds: every number of every key must come, in order, at most the last acknowledged one later. */
async function verifyLog(log: Log, acknowledged: Acknowledged, delivered: Acknowledged, when: string): Promise<void> {
  const behind = (): string[] =>
    [...acknowledged].flatMap(([what, count]) =>
      what.startsWith('log ') && (delivered.get(what) ?? 0) < count ? [`${what} ${count}`] : [],
    );
  const wrong: string[] = [];
  await new Promise<void>((resolve, reject) => {
    if (behind().length === 0) return resolve();
    const late = setTimeout(() => reject(new Error(`the log did not deliver ${behind().join(', ')} ${when}`)), 30_000);
    log.subscribe({ topic: 'crash', group: 'verifier' }, async (records) => {
      for (const { key, value } of records) {
        const number = Number(utf8(value));
        const before = delivered.get(`log ${key}`) ?? 0;
        // Once more is allowed, a gap is not.
        if (number > before + 1) wrong.push(`${key}: ${number} after ${before}`);
        delivered.set(`log ${key}`, Math.max(before, number));
      }
      if (behind().length > 0) return;
      clearTimeout(late);
      resolve();
    });
  });
  assert.deepEqual(wrong, [], `records out of order or missing ${when}`);
}

function note(acknowledged: Acknowledged, line: string): void {
  const [kind, id, count] = line.split(' ');
  const what = `${kind} ${id}`;
  acknowledged.set(what, Math.max(acknowledged.get(what) ?? 0, Number(count)));
}

type Moment = { readonly from: 'start' | 'acknowledged'; readonly afterMs: number };

/** Most within 150 ms of the first acknowledged write, more of them early; every fifth at any time since the start, while the stores open. */
function randomMoments(from: number): (kill: number) => Moment {
  let state = from >>> 0;
  return (kill) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const share = state / 2 ** 32;
    return kill % 5 === 4 ? { from: 'start', afterMs: share * 600 } : { from: 'acknowledged', afterMs: share * share * 150 };
  };
}
