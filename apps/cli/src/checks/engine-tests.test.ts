import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { planEngines } from './engine-tests.ts';

const FILES = [
  'packages/kv/src/sqlite/items.test.ts',
  'packages/kv/test/items.cassandra.test.ts',
  'packages/log/src/kafka/log.test.ts',
  'packages/blob/src/s3.test.ts',
  'packages/blob/src/mp3s3.test.ts',
  'engines/test/kafka.test.ts',
  'test/film.engines.test.ts',
];

function plan(files: readonly string[], on: { all?: boolean; patterns?: readonly string[]; missing?: string } = {}) {
  return planEngines({
    files,
    all: on.all ?? false,
    patterns: on.patterns ?? [],
    missing: (kind) => (kind === on.missing ? 'no Java' : null),
  });
}

describe('which test files need servers', () => {
  it('is said by a word in their path', () => {
    const { onEngines, others } = plan(FILES);
    assert.deepEqual(others, [FILES[0], FILES[4]]);
    assert.equal(onEngines.length, 5);
  });

  it('starts what they name, once, and nothing for files that start their own', () => {
    assert.deepEqual(plan(FILES.slice(0, 3), { all: true }).start, ['cassandra', 'kafka']);
    assert.deepEqual(plan(FILES, { all: true }).start, ['cassandra', 'kafka', 's3']);
    assert.deepEqual(plan(['test/film.engines.test.ts'], { all: true }).start, ['cassandra', 'kafka', 's3']);
    assert.deepEqual(plan(['apps/cli/test/engines.s3.test.ts'], { all: true }).start, ['s3']);
    assert.deepEqual(plan(['engines/test/kafka.test.ts'], { all: true }), {
      onEngines: ['engines/test/kafka.test.ts'],
      others: [],
      start: [],
      skipped: {},
    });
  });

  it('starts nothing every day, also not for a pattern that only happens to cover such files', () => {
    for (const patterns of [[], ['packages/kv']]) {
      const { start, skipped } = plan(FILES, { patterns });
      assert.deepEqual(start, []);
      assert.match(skipped.cassandra ?? '', /--all, or \.\/bioscope test cassandra/);
    }
    assert.deepEqual(plan(FILES.slice(1, 2), { patterns: ['cassandra'] }).start, ['cassandra']);
  });

  it('skips with the reason what cannot be started', () => {
    const { start, skipped } = plan(FILES, { all: true, missing: 'kafka' });
    assert.deepEqual([start, skipped], [['cassandra', 's3'], { kafka: 'no Java' }]);
  });
});
