import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createRetryBudget } from './retry-budget.ts';

describe('the retry budget', () => {
  it('adds at most a tenth to the load, however many calls fail', () => {
    const budget = createRetryBudget(() => 0);
    let retries = 0;
    for (let call = 0; call < 10_000; call += 1) {
      budget.called();
      if (budget.spend()) retries += 1;
    }
    assert(retries >= 1_000 && retries <= 1_010, String(retries));
  });

  it('lets a caller of few calls retry ten times a second', () => {
    let nowMs = 0;
    const budget = createRetryBudget(() => nowMs);
    const spend = (times: number): number => Array.from({ length: times }, () => budget.spend()).filter(Boolean).length;
    assert.equal(spend(20), 10);
    nowMs = 500;
    assert.equal(spend(20), 5);
    nowMs = 60_000;
    assert.equal(spend(20), 10, 'the floor is not saved up');
  });

  it('saves up in good times, within a bound', () => {
    const budget = createRetryBudget(() => 0);
    for (let call = 0; call < 100_000; call += 1) budget.called();
    let retries = 0;
    while (budget.spend()) retries += 1;
    assert.equal(retries, 100);
  });
});
