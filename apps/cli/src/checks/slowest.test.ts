import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { slowest } from './slowest.ts';

describe('the slowest test files', () => {
  it('are ten at most, slowest first', () => {
    const took = Array.from({ length: 30 }, (_, index) => ({ file: `${index}.test.ts`, ms: 1_000 * index }));
    const lines = slowest(took).trim().split('\n');
    assert.equal(lines.length, 11);
    assert.deepEqual([lines[0], lines[1], lines[10]], ['the slowest files', '    29.0 s  29.test.ts', '    20.0 s  20.test.ts']);
  });

  it('are not worth a word when all were fast', () => {
    assert.equal(slowest([{ file: 'a.test.ts', ms: 4_999 }]), '');
  });
});
