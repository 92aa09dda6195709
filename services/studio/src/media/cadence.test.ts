import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { cadenceOf } from './cadence.ts';
import { framesPerSecond } from './rates.ts';

const times = (count: number, time: (index: number) => number): Float64Array =>
  Float64Array.from({ length: count }, (_, index) => time(index));

describe('the cadence of a film', () => {
  it('is constant when every frame has its own cell, even in milliseconds', () => {
    for (const [numerator, denominator] of [
      [24_000, 1001],
      [24, 1],
      [25, 1],
      [30_000, 1001],
      [30, 1],
      [60_000, 1001],
    ] as const) {
      const found = cadenceOf(times(2000, (index) => Math.round((index * 1000 * denominator) / numerator) / 1000));
      assert.deepEqual(found, { kind: 'constant', rate: { numerator, denominator } });
    }
  });

  it('does not depend on the order in which frames are stored', () => {
    const shuffled = times(300, (index) => [0, 3, 1, 2][index % 4]! / 25 + Math.floor(index / 4) * 0.16);
    assert.deepEqual(cadenceOf(shuffled), { kind: 'constant', rate: { numerator: 25, denominator: 1 } });
  });

  it('is constant when one frame in a thousand was lost', () => {
    assert.equal(cadenceOf(times(3000, (index) => (index + Math.floor(index / 1000)) / 25)).kind, 'constant');
  });

  it('is variable when frames come at changing intervals, at the standard rate nearest to the usual one', () => {
    const phone = cadenceOf(
      times(600, (index) => Math.round((index + (index % 7 === 0 ? 0.8 : 0) + Math.floor(index / 50) * 3) * 33.4) / 1000),
    );
    assert.equal(phone.kind, 'variable');
    assert.ok(Math.abs(framesPerSecond(phone.rate) - 30) < 0.1);
  });

  it('halves what is faster than sixty frames a second', () => {
    assert.deepEqual(cadenceOf(times(240, (index) => (index * 1001) / 120_000)).rate, { numerator: 60_000, denominator: 1001 });
  });

  it('has an answer for one frame, for none, and for frames that share a time', () => {
    for (const few of [[], [7], [7, 7, 7]]) assert.equal(cadenceOf(Float64Array.from(few)).kind, 'constant');
  });
});
