import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createStallMeter, type StallReading } from './stall-meter.ts';

/** Feeds [now, position, shouldAdvance] samples. */
function measure(...samples: [number, number, boolean][]): StallReading {
  const meter = createStallMeter();
  for (const [nowMs, positionMs, shouldAdvance] of samples) meter.tick({ nowMs, positionMs, shouldAdvance });
  return meter.reading();
}

describe('the stall meter', () => {
  it('counts nothing while the film moves', () => {
    assert.deepEqual(measure([0, 0, true], [100, 100, true], [200, 200, true]), { count: 0, longestMs: 0, totalMs: 0, stalled: false });
  });
  it('measures a freeze from the last move to the next', () => {
    assert.deepEqual(measure([0, 0, true], [1000, 1000, true], [1500, 1000, true], [2000, 1000, true], [2100, 1100, true]), {
      count: 1,
      longestMs: 1000,
      totalMs: 1000,
      stalled: false,
    });
  });
  it('shows a freeze while it lasts', () => {
    assert.deepEqual(measure([0, 5, true], [900, 5, true]), { count: 1, longestMs: 900, totalMs: 900, stalled: true });
  });
  it('overlooks what nobody can see', () => {
    assert.equal(measure([0, 5, true], [200, 5, true], [300, 105, true]).count, 0);
  });
  it('does not blame pauses and seeks', () => {
    assert.equal(measure([0, 5, true], [100, 5, false], [9000, 5, false], [9100, 5, true], [9200, 105, true]).count, 0);
  });
  it('keeps the longest of several', () => {
    const reading = measure([0, 1, true], [500, 1, true], [600, 2, true], [1600, 2, true], [1700, 3, true]);
    assert.deepEqual([reading.count, reading.longestMs, reading.totalMs], [2, 1000, 1500]);
  });
});
