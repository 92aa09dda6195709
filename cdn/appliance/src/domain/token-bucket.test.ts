import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { tokenBucket } from './token-bucket.ts';

describe('a token bucket', () => {
  it('lets a quarter of a second run ahead, then holds back', () => {
    const bucket = tokenBucket(1_000);
    assert.equal(bucket.use(250, 0), 0);
    assert.equal(bucket.use(100, 0), 100);
    assert.equal(bucket.use(100, 200), 0);
  });

  it('never lets more through than rate and burst allow, however it is used', () => {
    const uses = fc.array(fc.record({ bytes: fc.integer({ min: 1, max: 5_000 }), idleMs: fc.integer({ min: 0, max: 2_000 }) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(uses, (steps) => {
        const bucket = tokenBucket(1_000);
        let nowMs = 0;
        let used = 0;
        for (const { bytes, idleMs } of steps) {
          nowMs += idleMs;
          nowMs += bucket.use(bytes, nowMs);
          used += bytes;
          assert(used <= (nowMs + 250) * 1 + 0.001, `${used} bytes after ${nowMs} ms`);
        }
      }),
    );
  });
});
