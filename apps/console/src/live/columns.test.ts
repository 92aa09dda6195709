import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { columnsOf, summaryOf } from './columns.ts';

describe('a chart of columns', () => {
  it('draws each value from the ground up, and nothing where there was nothing', () => {
    assert.deepEqual(columnsOf([0, 3, 5]), { top: 5, path: 'M1 5v-3h0.8v3zM2 5v-5h0.8v5z' });
    assert.deepEqual(columnsOf([]), { top: 2, path: '' });
  });
  it('has a round scale that its values fit under', () => {
    const tops = [0, 1, 2, 3, 6, 11, 21, 50, 51, 999, 1_001].map((value) => columnsOf([value]).top);
    assert.deepEqual(tops, [2, 2, 2, 5, 10, 20, 50, 50, 100, 1_000, 2_000]);
  });
  it('is told in three numbers', () => {
    assert.deepEqual(summaryOf([1, 4, 2]), { last: 2, most: 4, sum: 7 });
    assert.deepEqual(summaryOf([]), { last: 0, most: 0, sum: 0 });
  });
});
