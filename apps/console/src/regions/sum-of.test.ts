import assert from 'node:assert/strict';
import { it } from 'node:test';
import { sumOf } from './sum-of.ts';

const figures = { arrivedPerSecond: 0, servedPerSecond: 0, errorRate: 0, startsPerSecond: 0, startFailureRate: 0 };

it('a small region that fails weighs no more than its part', () => {
  const large = { ...figures, arrivedPerSecond: 990, servedPerSecond: 900, startsPerSecond: 9 };
  const small = { ...figures, arrivedPerSecond: 10, servedPerSecond: 100, errorRate: 0.5, startsPerSecond: 1, startFailureRate: 1 };
  assert.deepEqual(sumOf([large, small]), { arrivedPerSecond: 1_000, errorRate: 0.05, startsPerSecond: 10, startFailureRate: 0.1 });
});

it('where nothing comes nothing fails', () => {
  assert.deepEqual(sumOf([figures]), { arrivedPerSecond: 0, errorRate: 0, startsPerSecond: 0, startFailureRate: 0 });
});
