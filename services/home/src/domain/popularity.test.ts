import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { countOne, dayOf, scoreAt, type Popularity } from './popularity.ts';

const DAY_MS = 86_400_000;
const countAll = (times: readonly number[]): Popularity | null =>
  times.reduce<Popularity | null>((before, atMs) => countOne(before, atMs), null);

describe('popularity', () => {
  it('halves in a week', () => {
    const one = countOne(null, 0);
    assert.equal(scoreAt(one, 7 * DAY_MS), 0.5);
    assert.equal(scoreAt(countOne(one, 7 * DAY_MS), 7 * DAY_MS), 1.5);
  });

  it('does not depend on the order in which events come', () => {
    const times = fc.array(fc.nat(60 * DAY_MS), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(times, (all) => {
        const one = scoreAt(countAll(all) ?? countOne(null, 0), 61 * DAY_MS);
        const other = scoreAt(countAll(all.toSorted((a, b) => a - b)) ?? countOne(null, 0), 61 * DAY_MS);
        assert.ok(Math.abs(one - other) < 1e-9);
        assert.ok(one > 0 && one <= all.length);
      }),
      { numRuns: 200 },
    );
  });

  it('counts days alike everywhere', () => {
    assert.equal(dayOf(DAY_MS - 1), 0);
    assert.equal(dayOf(DAY_MS), 1);
  });
});
