import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openFileBlobs } from '@bioscope/blob/files';
import { openS3Blobs } from '@bioscope/blob/s3';
import { engineForTests, engineMissing, type EngineForTests } from '@bioscope/engines/testing';
import { bytes, type KvStore, newToken, utf8 } from '@bioscope/kv';
import { openCassandraKv } from '@bioscope/kv/cassandra';
import { openKv } from '@bioscope/kv/sqlite';
import { type Log, relay } from '@bioscope/log';
import { openKafkaLog } from '@bioscope/log/kafka';
import { openLog } from '@bioscope/log/sqlite';
import { fakeTerminal } from '../../test/fake-terminal.ts';
import { COMMANDS } from '../commands/index.ts';
import { runCommandLine } from '../run-command-line.ts';
import type { MoveOutcome } from './move-state.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const EVENTS = 300;
const KILLS = 6;
const HANDLED_MS_MAX = 40_000;

describe('bioscope migrate', () => {
  it('says how it is used', async () => {
    for (const argv of [['migrate'], ['migrate', '--from', '/nowhere'], ['migrate', '--from', '/nowhere', '--to', 's3']]) {
      const { code, stderr } = await inProcess(argv, {});
      assert.equal(code, 2);
      assert.match(stderr, /migrate --from DIR --to cassandra/);
    }
  });

  it('names the settings that are missing, and a folder that is none', async () => {
    const unset = await inProcess(['migrate', '--from', '/nowhere', '--to', 'cassandra'], {});
    assert.match(unset.stderr, /BIOSCOPE_CASSANDRA is missing/);
    const set = { BIOSCOPE_CASSANDRA: '127.0.0.1:1', BIOSCOPE_CASSANDRA_DC: 'd' };
    const { code, stderr } = await inProcess(['migrate', '--from', '/nowhere', '--to', 'cassandra'], set);
    assert.equal(code, 1);
    assert.match(stderr, /\/nowhere holds no embedded installation/);
  });
});

const missing = engineMissing('cassandra') || engineMissing('kafka') || engineMissing('s3');

describe('moving an installation to clusters', { skip: missing, timeout: 300_000 }, () => {
  let cassandra: EngineForTests<'cassandra'>;
  let kafka: EngineForTests<'kafka'>;
  let s3: EngineForTests<'s3'>;
  let folder = '';
  let scratch = '';
  let environment: Record<string, string> = {};
  let handledBefore: ReadonlySet<string> = new Set();
  const unique = randomBytes(4).toString('hex');

  before(async () => {
    [cassandra, kafka, s3] = await Promise.all([engineForTests('cassandra'), engineForTests('kafka'), engineForTests('s3')]);
    folder = await mkdtemp(join(tmpdir(), 'bioscope-migrate-'));
    // Those that are killed leave an empty folder there.
    scratch = await mkdtemp(join(tmpdir(), 'bioscope-migrate-'));
    environment = {
      PATH: process.env['PATH'] ?? '',
      TMPDIR: scratch,
      BIOSCOPE_CASSANDRA: cassandra.addresses.contactPoints.join(','),
      BIOSCOPE_CASSANDRA_DC: cassandra.addresses.localDataCentre,
      BIOSCOPE_CASSANDRA_KEYSPACE: `migrate_${unique}`,
      BIOSCOPE_KAFKA: kafka.addresses.bootstrap.join(','),
      BIOSCOPE_KAFKA_PREFIX: `m${unique}.`,
      BIOSCOPE_S3: s3.addresses.endpoint,
      BIOSCOPE_S3_REGION: s3.addresses.region,
      BIOSCOPE_S3_BUCKET: s3.addresses.bucket,
      BIOSCOPE_S3_PREFIX: `m${unique}/`,
      BIOSCOPE_S3_ACCESS_KEY: s3.addresses.accessKey,
      BIOSCOPE_S3_SECRET_KEY: s3.addresses.secretKey,
    };
  });
  after(async () => {
    await Promise.all([cassandra.release(), kafka.release(), s3.release()]);
    await Promise.all([folder, scratch].map((each) => rm(each, { recursive: true, force: true })));
  });

  const argv = (...more: string[]): string[] => ['migrate', '--from', folder, '--to', 'cassandra,kafka,s3', '--json', ...more];

  it('copies beside the running service, goes on after every kill, moves all of it and changes nothing at the source', async () => {
    const kv = await openKv({ folder: join(folder, 'kv') });
    const log = await openLog({ folder: join(folder, 'log') });
    const blob = await openFileBlobs({ folder: join(folder, 'blob'), secret: 's'.repeat(32) });
    const relaying = relay(kv, log, { namespace: 'films', topic: 'films' });
    for (let index = 0; index < 40; index += 1) await blob.put(`films/${index}/video.mp4`, randomBytes(index === 0 ? 20_000_000 : 50_000));
    await appendEvents(kv, 0, EVENTS / 2);
    await putItems(kv, 400);

    const beside = await inChild(argv(), environment);
    assert.equal(beside.code, 0, beside.stderr);
    const copied = JSON.parse(beside.stdout) as MoveOutcome;
    assert.equal(copied.state, 'copying');
    assert.ok(copied.mended > 400);

    await appendEvents(kv, EVENTS / 2, EVENTS);
    await putItems(kv, 2_500);
    await blob.put('films/new/video.mp4', bytes('new'));
    // One group handles everything, another stops half way.
    await handle(log, 'ahead', EVENTS);
    handledBefore = new Set(await handle(log, 'behind', EVENTS / 2));
    await relaying.close();
    await Promise.all([kv.close(), log.close()]);

    const untouched = await hashesOf(folder);
    let kills = 0;
    let done = await inChild(argv(), environment, killAfterMs());
    for (; done.code === null && kills < KILLS; kills += 1)
      done = await inChild(argv(), environment, kills + 1 < KILLS ? killAfterMs() : undefined);
    assert.ok(kills > 0, 'it was done before the first kill');
    const { code, stdout, stderr } = done;
    assert.equal(code, 0, stderr);
    const outcome = JSON.parse(stdout) as MoveOutcome;
    assert.equal(outcome.state, 'settled');
    for (const row of outcome.rows) assert.deepEqual(row.destination, row.source);
    const counts = Object.fromEntries(outcome.rows.map(({ kind, namespace, source }) => [`${kind} ${namespace}`, source.count]));
    assert.equal(counts['events films'], EVENTS);
    assert.equal(counts['items things'], 2_500);
    assert.equal(outcome.blobs?.isWhole, true);
    assert.equal(outcome.blobs.objects, 41);
    assert.equal(outcome.blobs.copied + outcome.blobs.kept, 41);
    assert.deepEqual(await hashesOf(folder), untouched, 'the source was changed');
  });

  it('lets the consumers of the log go on where they were, and the relay too', { timeout: 60_000 }, async () => {
    const kv = await openCassandraKv({ ...cassandra.addresses, keyspace: `migrate_${unique}` });
    const log = await openKafkaLog({ brokers: kafka.addresses.bootstrap, topicPrefix: `m${unique}.` });
    const relaying = relay(kv, log, { namespace: 'films', topic: 'films' });
    try {
      await appendEvents(kv, EVENTS, EVENTS + 10);
      const left = EVENTS + 10 - handledBefore.size;
      assert.ok(left > 10, 'the group has handled everything');
      const seen = await handle(log, 'behind', left);
      const repeated = seen.filter((value) => handledBefore.has(value));
      assert.deepEqual(repeated, []);
      assert.equal(new Set([...handledBefore, ...seen]).size, EVENTS + 10, 'events were lost');
    } finally {
      await relaying.close();
      await Promise.all([kv.close(), log.close()]);
    }
  });

  it('keeps the blobs readable at the destination', async () => {
    const { endpoint, region, bucket, accessKey, secretKey } = s3.addresses;
    const credentials = { endpoint, region, bucket, accessKeyId: accessKey, secretAccessKey: secretKey };
    await using blob = await openS3Blobs({ ...credentials, prefix: `m${unique}/`, temporaryFolder: join(folder, 'temporary') });
    assert.equal((await blob.head('films/0/video.mp4'))?.bytes, 20_000_000);
    assert.equal((await blob.head('films/new/video.mp4'))?.bytes, 3);
  });

  it('refuses to move again into what is in use, and says so', async () => {
    const { code, stderr } = await inChild(argv(), environment);
    assert.equal(code, 1);
    assert.match(stderr, /was moved there completely at .*must not be overwritten/);
  });

  it('refuses a bucket in use', async () => {
    const other = { ...environment, BIOSCOPE_CASSANDRA_KEYSPACE: `other_${unique}` };
    const { code, stderr } = await inChild(argv(), other);
    assert.equal(code, 1);
    assert.match(stderr, /already holds objects that were not moved there/);
    // And nobody may start on what was moved there in part.
    const up = await inChild(['up', '--engines', 'cassandra', '--data', join(folder, 'fresh'), '--port', '0', '--no-demo'], other);
    assert.equal(up.code, 1);
    assert.match(up.stderr, /moved .* in part/);
  });
});

/** Anywhere between loading the engines and the last comparison. */
function killAfterMs(): number {
  return Math.round(500 + Math.random() * 2_000);
}

async function appendEvents(kv: KvStore, from: number, to: number): Promise<void> {
  for (let number = from; number < to; number += 1) {
    const stream = `film-${number % 7}`;
    const { version } = await kv.streams.read({ namespace: 'films', stream });
    const events = [{ type: 'numbered', data: bytes(String(number)) }];
    await kv.streams.append({ namespace: 'films', stream, expectedVersion: version, events, commandId: `c${number}` });
  }
}

async function putItems(kv: KvStore, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, (_, index) =>
      kv.items.put({
        namespace: 'things',
        record: `r${index}`,
        items: [{ key: bytes('k'), value: bytes(`${index} of ${count}`) }],
        token: newToken(),
      }),
    ),
  );
}

/** Handles at least so many records, and answers with what they said. */
async function handle(log: Pick<Log, 'subscribe'>, group: string, count: number): Promise<readonly string[]> {
  const values: string[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const subscription = log.subscribe({ topic: 'films', group, from: 'earliest' }, async (records) => {
    // After enough it hangs, so that what follows stays unhandled.
    if (values.length >= count) throw new Error('enough');
    values.push(...records.map(({ value }) => utf8(value)));
    if (values.length >= count) resolve();
  });
  const deadline = setTimeout(() => reject(new Error(`${group} handled only ${values.length} of ${count} records`)), HANDLED_MS_MAX);
  try {
    await promise;
  } finally {
    clearTimeout(deadline);
    await subscription.close();
  }
  return values;
}

async function inProcess(argv: readonly string[], environment: Record<string, string>) {
  const terminal = fakeTerminal();
  const code = await runCommandLine({ argv, environment, terminal, interrupt: () => new AbortController().signal, commands: COMMANDS });
  return { code, stderr: terminal.stderr() };
}

/** `code` is null when it was killed. */
async function inChild(argv: readonly string[], env: Record<string, string>, killAfterMs = 180_000) {
  const child = spawn(process.execPath, [MAIN, ...argv], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: killAfterMs,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (stdout += String(text)));
  child.stderr.on('data', (text: Buffer) => (stderr += String(text)));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

async function hashesOf(folder: string): Promise<Record<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = found.filter((each) => each.isFile() && !each.name.endsWith('-shm')).map((each) => join(each.parentPath, each.name));
  return Object.fromEntries(
    await Promise.all(
      files.map(
        async (file) =>
          [
            relative(folder, file),
            createHash('sha256')
              .update(await readFile(file))
              .digest('hex'),
          ] as const,
      ),
    ),
  );
}
