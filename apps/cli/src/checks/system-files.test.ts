import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { companyOf, onClusters } from './system-files.ts';

const FILES = ['test/demo.test.ts', 'test/failover.alone.test.ts', 'test/home.everywhere.test.ts', 'test/standalone.test.ts'];

describe('test files of the whole system', () => {
  it('run beside each other unless a word of their name wants them alone', () => {
    assert.deepEqual(companyOf(FILES), { together: [FILES[0], FILES[2], FILES[3]], alone: [FILES[1]] });
  });

  it('run on clusters only when a word of their name says everywhere', () => {
    assert.deepEqual(onClusters(FILES), [FILES[2]]);
  });
});
