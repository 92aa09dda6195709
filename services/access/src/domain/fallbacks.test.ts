import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { FALLBACKS, weigh, type Fallback } from './fallbacks.ts';

const NOW_MS = 1_000_000;
const fallback: Fallback = { lastKnownMsMax: 100, degradedMsMax: 300, otherwise: 'refuse' };
const told = (ageMs: number, isFresh = false) => ({ value: 'yes', learnedAtMs: NOW_MS - ageMs, isFresh });

describe('weigh', () => {
  it('counts the last that was told in full, then for less, then not at all', () => {
    const confidences = [0, 100, 101, 300, 301].map((ageMs) => weigh(told(ageMs), fallback, { nowMs: NOW_MS }).confidence);
    assert.deepEqual(confidences, ['last_known', 'last_known', 'degraded', 'degraded', 'unknown']);
  });

  it('knows nothing of what was never told, and of what the action does not look at', () => {
    assert.deepEqual(weigh(null, fallback, { nowMs: NOW_MS }), { confidence: 'unknown' });
    assert.deepEqual(weigh(told(0, true), undefined, { nowMs: NOW_MS }), { confidence: 'unknown' });
  });

  it('lets a right end when it said it would, whatever its age', () => {
    assert.equal(weigh(told(10), fallback, { nowMs: NOW_MS, endsAtMs: () => NOW_MS }).confidence, 'unknown');
    assert.equal(weigh(told(10), fallback, { nowMs: NOW_MS, endsAtMs: () => NOW_MS + 1 }).confidence, 'last_known');
  });

  it('keeps a no until there is another answer', () => {
    const isBad = (value: string): boolean => value === 'yes';
    assert.equal(weigh(told(1_000_000), fallback, { nowMs: NOW_MS, isBad }).confidence, 'last_known');
  });

  it('never counts for more as it gets older', () => {
    const order = ['fresh', 'last_known', 'degraded', 'unknown'];
    fc.assert(
      fc.property(fc.nat({ max: 500 }), fc.nat({ max: 500 }), (ageMs, moreMs) => {
        const [younger, older] = [ageMs, ageMs + moreMs].map((age) => weigh(told(age), fallback, { nowMs: NOW_MS }).confidence);
        assert.ok(order.indexOf(older ?? '') >= order.indexOf(younger ?? ''));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the fallbacks', () => {
  it('name for each action the signals that it looks at', () => {
    const looksAt = Object.fromEntries(Object.entries(FALLBACKS).map(([action, table]) => [action, Object.keys(table).sort().join(' ')]));
    assert.deepEqual(looksAt, {
      browse: 'country membership profile title',
      play: 'country devices membership profile streams title',
      download: 'country devices membership profile title',
      manageAccount: 'account profile',
      manageProfiles: 'account profile',
      operate: '',
    });
  });
});
