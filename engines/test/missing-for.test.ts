import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { missingFor, startKafka } from '../src/index.ts';
import { engineMissing, writeSharedEngines } from '../src/testing/index.ts';
import { majorOf } from '../src/setup/find-java.ts';
import { goVersionOf } from '../src/setup/missing-for.ts';

const root = mkdtempSync(join(tmpdir(), 'bioscope-engines-test-'));
after(() => rmSync(root, { recursive: true, force: true }));

/** A machine with these programs only, each of which prints a text, and an empty cache. */
function machine(programs: Record<string, string>): Record<string, string> {
  const folder = mkdtempSync(join(root, 'machine-'));
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho '${text}' ${name === 'java' ? '>&2' : ''}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return { PATH: bin, HOME: folder };
}

const NOWHERE = join(root, 'no-java-here/*');
const JAVA_11 = 'openjdk version "11.0.20" 2023-07-18';
const JAVA_17 = 'openjdk version "17.0.15" 2025-04-15';
const JAVA_25 = 'openjdk version "25.0.1" 2025-10-21';

describe('what an engine misses on this machine', () => {
  const cases: readonly [what: string, kind: 'cassandra' | 'kafka' | 's3', programs: Record<string, string>, expected: RegExp | null][] = [
    [
      'no Java',
      'cassandra',
      { mvn: '' },
      /^Apache Cassandra 5 needs Java 17 \(no Java was found\): install it, .*openjdk-17-jre-headless$/,
    ],
    ['an old Java', 'kafka', { java: JAVA_11, mvn: '' }, /^Apache Kafka 4 needs Java 17 or newer \(found: Java 11\): install it/],
    ['a Java that is too new for Cassandra', 'cassandra', { java: JAVA_25, mvn: '' }, /needs Java 17 \(found: Java 25\)/],
    ['a new Java for Kafka', 'kafka', { java: JAVA_25, mvn: '' }, null],
    ['no Maven', 'kafka', { java: JAVA_17 }, /^Apache Kafka 4 is set up with Maven, and there is no mvn on PATH: install it/],
    ['nothing', 'cassandra', { java: JAVA_17, mvn: '' }, null],
    ['no Go', 's3', {}, /^versitygw \(S3\) is built with Go 1\.25 or newer, and there is no go on PATH/],
    ['an old Go', 's3', { go: 'go version go1.19.8 linux/amd64' }, /built with Go 1\.25 or newer \(found: Go 1\.19\)/],
    ['a new Go', 's3', { go: 'go version go2.0 linux/amd64' }, null],
    ['a broken Go', 's3', { go: 'oops' }, /found: no version in the answer/],
  ];
  for (const [what, kind, programs, expected] of cases) {
    it(`is said in one sentence: ${what}`, () => {
      const missing = missingFor(kind, machine(programs), NOWHERE);
      if (expected === null) assert.equal(missing, null);
      else assert.match(missing ?? 'nothing is missing', expected);
    });
  }

  it('does not count the tools of the set-up once the server is in the cache', () => {
    const environment = machine({ java: JAVA_17 });
    mkdirSync(join(environment['HOME'] ?? '', '.cache/bioscope/engines/kafka-4.1.2'), { recursive: true });
    assert.equal(missingFor('kafka', environment, NOWHERE), null);
  });

  it('finds a Java that is neither the default one nor on PATH', () => {
    const other = machine({ java: JAVA_17 });
    assert.equal(missingFor('cassandra', machine({ java: JAVA_25, mvn: '' }), join(other['PATH'] ?? '', 'java')), null);
  });

  it('is the reason of a start that is refused', async () => {
    await assert.rejects(startKafka({ environment: machine({ java: JAVA_17 }) }), /there is no mvn on PATH/);
  });

  it('reads the versions that programs print', () => {
    assert.deepEqual([JAVA_11, 'java version "1.8.0_392"', 'openjdk version "26-ea"', 'none'].map(majorOf), [11, 8, 26, null]);
    assert.deepEqual(goVersionOf('go version go1.26.8 linux/amd64'), [1, 26]);
  });
});

describe('the reason to skip tests on an engine', () => {
  const well = machine({ java: JAVA_17, mvn: '', go: 'go version go1.26.8 linux/amd64' });

  it('is the one that the run gives, else what is missing', () => {
    const everyday = writeSharedEngines({ running: {}, skipped: { s3: 'not today' } });
    assert.equal(engineMissing('s3', {}, { ...well, ...everyday }), 'not today');
    assert.equal(engineMissing('s3', {}, well), false);
    assert.match(engineMissing('s3', {}, machine({})) || 'none', /there is no go on PATH/);
  });

  it('is no missing program where a shared engine runs already', () => {
    const addresses = { endpoint: '', region: '', bucket: '', accessKey: '', secretKey: '' };
    const shared = writeSharedEngines({ running: { s3: addresses }, skipped: {} });
    assert.equal(engineMissing('s3', {}, { ...machine({}), ...shared }), false);
  });

  it('keeps clusters for the long runs', () => {
    assert.match(engineMissing('kafka', { nodes: 3 }, well) || 'none', /--all/);
    assert.equal(engineMissing('kafka', { nodes: 3 }, { ...well, BIOSCOPE_TEST_ALL: '1' }), false);
  });

  it('is not read from a variable that somebody wrote by hand', () => {
    assert.throws(() => engineMissing('s3', {}, { ...well, BIOSCOPE_TEST_ENGINES: '{}' }), /must not be written by hand/);
  });
});
