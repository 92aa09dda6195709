import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { firstPeriod, periodAfter, trialPeriod } from './periods.ts';

const at = (text: string): number => Date.parse(text);
const ends = (from: string, count: number): string[] => {
  let period = firstPeriod(at(from));
  return Array.from({ length: count }, () => {
    const end = new Date(period.untilMs).toISOString().slice(0, 10);
    period = periodAfter(period);
    return end;
  });
};

describe('billing periods', () => {
  it('count months from the anchor, so that the 31st comes back after a short month', () => {
    assert.deepEqual(ends('2026-01-31T09:30:00Z', 5), ['2026-02-28', '2026-03-31', '2026-04-30', '2026-05-31', '2026-06-30']);
    assert.deepEqual(ends('2027-12-30T00:00:00Z', 3), ['2028-01-30', '2028-02-29', '2028-03-30']);
  });

  it('lie end to start, without gap or overlap, and keep the time of day, for any anchor', () => {
    fc.assert(
      fc.property(fc.integer({ min: at('2000-01-01'), max: at('2100-01-01') }), fc.integer({ min: 1, max: 60 }), (anchorMs, count) => {
        let period = firstPeriod(anchorMs);
        for (let month = 1; month <= count; month += 1) {
          assert.ok(period.untilMs > period.fromMs && (period.untilMs - anchorMs) % 86_400_000 === 0);
          const days = (period.untilMs - period.fromMs) / 86_400_000;
          assert.ok(days >= 28 && days <= 31, `${days} days`);
          assert.equal(period.months, month);
          const next = periodAfter(period);
          assert.equal(next.fromMs, period.untilMs);
          period = next;
        }
      }),
    );
  });

  it('begin at the end of a trial, which is their anchor', () => {
    const trial = trialPeriod(at('2026-01-24T10:00:00Z'), 7);
    assert.equal(trial.untilMs, at('2026-01-31T10:00:00Z'));
    const first = periodAfter(trial);
    assert.deepEqual([first.fromMs, first.untilMs], [trial.untilMs, at('2026-02-28T10:00:00Z')]);
    assert.equal(periodAfter(first).untilMs, at('2026-03-31T10:00:00Z'));
  });
});
