import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { engineForTests, type EngineForTests, engineMissing } from '@bioscope/engines/testing';
import { Client, types } from 'cassandra-driver';
import { type CassandraKv, openCassandraKv } from '../src/cassandra/index.ts';
import { eventually, randomFrom, thorough } from '../src/conformance/check.ts';
import { bytes, utf8 } from '../src/text.ts';
import { lifeOf, LIVES } from './cassandra-lives.ts';
import { type Watcher, watch } from './cassandra-watcher.ts';

const KILLS = thorough ? 25 : 3;
const CHILD = new URL('./cassandra-writer-child.ts', import.meta.url).pathname;

type Acknowledged = { append: number; set: number; put: number };

describe('processes that are killed while they write to Cassandra', { skip: engineMissing('cassandra') }, () => {
  let engine: EngineForTests<'cassandra'>;
  let store: CassandraKv;
  let client: Client;
  let watcher: Watcher;
  const keyspace = `killed_${randomBytes(4).toString('hex')}`;
  const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

  before(async () => {
    engine = await engineForTests('cassandra');
    const { contactPoints, localDataCentre } = engine.addresses;
    store = await openCassandraKv({ contactPoints, localDataCentre, keyspace, closeIntentsAfterMs: 60_000 });
    client = new Client({ contactPoints: [...contactPoints], localDataCenter: localDataCentre });
    watcher = watch(store, LIVES);
    // What a process leaves that dies between the intent and the append.
    await client.execute(
      `INSERT INTO ${keyspace}.stream_intents (namespace, at, stream, command) VALUES (?, ?, ?, ?)`,
      [LIVES, types.TimeUuid.now(), 'orphan', 'never came'],
      { prepare: true },
    );
  });
  after(async () => {
    await watcher?.close();
    await client?.shutdown();
    await store?.close();
    await engine?.release();
  });

  const lives: Acknowledged[] = [];

  it('leave every acknowledged write behind, and what was under way once or not at all', async (test) => {
    test.diagnostic(`seed ${seed}`);
    const random = randomFrom(seed);
    for (let life = 0; life < KILLS; life += 1) {
      const done = await liveAndDie(life, 100 + random() * 1_500);
      lives.push(done);
      const events = await readAll(`stream ${life}`);
      assert.ok(events.length === done.append || events.length === done.append + 1, `${done.append} acknowledged, ${events.length} there`);
      // The command that was under way is sent again by whoever takes over the work.
      const [step] = lifeOf(life, done.append + 1);
      assert.ok(step?.kind === 'append');
      const again = { ...step.request, events: [{ type: 'happened', data: bytes(step.text) }] };
      const answer = await store.streams.append(again);
      assert.ok(answer.kind === 'appended' && answer.version === done.append + 1, JSON.stringify([answer, done, events.length]));
      // What was not there a moment ago may have arrived since; what was there must be recognised.
      assert.ok(answer.repeated || events.length === done.append, 'it was there, and was appended again');
      assert.deepEqual(
        await readAll(`stream ${life}`),
        Array.from({ length: done.append + 1 }, (_, index) => `${life}.${index + 1}`),
      );

      const register = await store.registers.read({ namespace: LIVES, name: `register ${life}` });
      assert.ok((register?.version ?? 0) >= done.set && (register?.version ?? 0) <= done.set + 1);
      const { items } = await store.items.get({ namespace: LIVES, record: `record ${life}` });
      const found = items.map(({ value }) => utf8(value));
      for (let index = 1; index <= done.put; index += 1) assert.ok(found.includes(`${life}.${index}`), `item ${life}.${index} is lost`);
    }
    assert.ok(
      lives.some(({ append, set, put }) => append > 1 && set > 1 && put > 1),
      JSON.stringify(lives),
    );
  });

  it('leave no event that a subscriber elsewhere does not see, though they held the lease of the feed', async () => {
    assert.equal(lives.length, KILLS);
    await watcher.untilSeen(new Map(lives.map(({ append }, life) => [`stream ${life}`, append + 1])), 60_000);
  });

  it('leave announcements that are closed in time, and then the stream can be written as before', async (test) => {
    if (!thorough) return test.skip('takes a minute: ./bioscope test --all, or BIOSCOPE_TEST_ALL=1');
    const open = async (): Promise<number> => {
      const { rows } = await client.execute(`SELECT at FROM ${keyspace}.stream_intents WHERE namespace = ?`, [LIVES], { prepare: true });
      return rows.length;
    };
    await eventually('no announcement is left', open, (count) => count === 0, 150_000);
    const append = { namespace: LIVES, stream: 'orphan', events: [{ type: 'happened', data: bytes('x') }] };
    assert.deepEqual(await store.streams.append({ ...append, expectedVersion: 0, commandId: 'never came' }), {
      kind: 'appended',
      version: 1,
      repeated: false,
    });
    assert.deepEqual(await store.streams.append({ ...append, expectedVersion: 1, commandId: 'came' }), {
      kind: 'appended',
      version: 2,
      repeated: false,
    });
    await watcher.untilSeen(new Map([['orphan', 2]]), 30_000);
  });

  /** Starts a process, lets it write for a while, kills it; how far it said it had come. */
  async function liveAndDie(life: number, forMs: number): Promise<Acknowledged> {
    const { contactPoints, localDataCentre } = engine.addresses;
    const child = spawn(process.execPath, [CHILD, contactPoints[0] ?? '', localDataCentre, keyspace, String(life)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const done: Acknowledged = { append: 0, set: 0, put: 0 };
    const lines = createInterface({ input: child.stdout });
    const opened = Promise.withResolvers<void>();
    lines.on('line', (line) => {
      const [kind = '', next] = line.split(' ');
      if (kind === 'open') opened.resolve();
      else if (kind === 'append' || kind === 'set' || kind === 'put') done[kind] = Number(next);
    });
    const ended = once(lines, 'close');
    await Promise.race([opened.promise, ended]);
    await pause(forMs);
    assert.equal(child.exitCode, null, 'the process ended by itself');
    child.kill('SIGKILL');
    await ended;
    return done;
  }

  async function readAll(stream: string): Promise<string[]> {
    const { events } = await store.streams.read({ namespace: LIVES, stream });
    return events.map(({ data }) => utf8(data));
  }
});
