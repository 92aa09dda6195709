import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { bandwidthOf } from './bandwidth.ts';

describe('the bandwidth of a track', () => {
  it('is that of its most expensive segment, rounded up; the average that of the whole', () => {
    const track = { timescale: 1000, segmentBytes: [1000, 3001, 100], segmentDurations: [4000, 4000, 3000] };
    assert.deepEqual(bandwidthOf(track), { peak: 6002, average: Math.ceil((4101 * 8) / 11) });
  });

  it('is never below what any segment or the whole needs', () => {
    const segment = fc.record({ bytes: fc.integer({ min: 1, max: 2 ** 31 }), ticks: fc.integer({ min: 1, max: 10_000_000 }) });
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 50 }), fc.integer({ min: 1, max: 1_000_000 }), (segments, timescale) => {
        const { peak, average } = bandwidthOf({
          timescale,
          segmentBytes: segments.map(({ bytes }) => bytes),
          segmentDurations: segments.map(({ ticks }) => ticks),
        });
        for (const { bytes, ticks } of segments) assert.ok((peak * ticks) / timescale >= bytes * 8 * (1 - 1e-12));
        assert.ok(average <= peak);
        assert.ok(Number.isInteger(peak) && Number.isInteger(average));
      }),
    );
  });
});
