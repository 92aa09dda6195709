import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSequentialTest } from './sequential-test.ts';

const ALL = process.env['BIOSCOPE_TEST_ALL'] === '1';
const ALPHA = 0.05;

/** Mulberry32: small, and good enough for a simulation that must be the same each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Watches after each second, as the runner does, and stops at the first alarm. Returns the requests per group until then. */
function watch(random: () => number, rates: { control: number; experiment: number }, seconds: number): number | undefined {
  const test = createSequentialTest(random);
  const perSecond = 50;
  const sample = (rate: number): { tried: number; failed: number } => {
    let failed = 0;
    for (let i = 0; i < perSecond; i += 1) if (random() < rate) failed += 1;
    return { tried: perSecond, failed };
  };
  for (let second = 1; second <= seconds; second += 1) {
    test.add(sample(rates.control), sample(rates.experiment));
    if (test.evidence() >= 1 / ALPHA) return second * perSecond;
  }
  return undefined;
}

describe('the sequential test', () => {
  it('raises a false alarm at most as often as it says, although it is watched all the time', () => {
    const random = seeded(1);
    const runs = ALL ? 4_000 : 600;
    for (const rate of [0.01, 0.2]) {
      let alarms = 0;
      for (let run = 0; run < runs; run += 1) if (watch(random, { control: rate, experiment: rate }, 100) !== undefined) alarms += 1;
      assert(alarms / runs <= ALPHA, `${alarms} of ${runs} at a rate of ${rate}`);
    }
  });

  it('does not mind an experiment group that fares better', () => {
    const random = seeded(2);
    for (let run = 0; run < 100; run += 1) assert.equal(watch(random, { control: 0.2, experiment: 0.1 }, 100), undefined);
  });

  it('finds a bad fault within seconds and a mild one in the end', () => {
    const random = seeded(3);
    const found = (experiment: number, seconds: number): number[] =>
      Array.from({ length: 100 }, () => watch(random, { control: 0.001, experiment }, seconds) ?? Infinity).sort((a, b) => a - b);
    const bad = found(0.5, 60);
    assert((bad[98] ?? Infinity) <= 100, `99 % within 100 requests per group, not ${bad[98]}`);
    const mild = found(0.02, 200);
    assert((mild[98] ?? Infinity) <= 2_000, `99 % within 2000 requests per group, not ${mild[98]}`);
  });

  it('takes batches of unequal size, keeps what has no partner, and counts no failure twice', () => {
    const test = createSequentialTest(seeded(4));
    test.add({ tried: 0, failed: 0 }, { tried: 100, failed: 100 });
    assert.equal(test.evidence(), 1, 'without a control group there is no evidence');
    test.add({ tried: 20, failed: 0 }, { tried: 0, failed: 0 });
    const expected = [0.1, 0.25, 0.5, 0.75, 0.95].reduce((sum, bet) => sum + (1 + bet) ** 20, 0) / 5;
    assert(Math.abs(test.evidence() / expected - 1) < 1e-9);
  });
});
