import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { tokenExpiry } from './token-expiry.ts';

describe('when a token expires', () => {
  it('is never later than its life, never earlier than nine tenths of it, and on a whole second', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1_600_000_000_000, max: 2_000_000_000_000 }),
        fc.integer({ min: 10, max: 86_400 }),
        (nowMs, lifeSeconds) => {
          const lifeMs = lifeSeconds * 1000;
          const expiresAtMs = tokenExpiry(nowMs, lifeMs);
          assert.ok(expiresAtMs <= nowMs + lifeMs);
          assert.ok(expiresAtMs > nowMs + lifeMs * 0.9 - 1000);
          assert.equal(expiresAtMs % 1000, 0);
        },
      ),
    );
  });

  it('is the same for a while, so that players ask for the same addresses again', () => {
    const begin = 1_700_000_000_000 - (1_700_000_000_000 % 60_000);
    assert.equal(tokenExpiry(begin, 600_000), tokenExpiry(begin + 59_999, 600_000));
    assert.notEqual(tokenExpiry(begin, 600_000), tokenExpiry(begin + 60_000, 600_000));
  });
});
