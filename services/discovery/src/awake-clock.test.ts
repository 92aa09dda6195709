import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAwakeClock } from './awake-clock.ts';

describe('the clock of leases', () => {
  it('goes on with time, and leaves out what its process slept through', () => {
    let monotonicMs = 5_000;
    const clock = createAwakeClock(() => monotonicMs);
    const readings = [5_250, 6_250, 30_000, 30_250].map((at) => {
      monotonicMs = at;
      return clock();
    });
    assert.deepEqual(readings, [5_250, 6_250, 6_250, 6_500]);
  });
});
