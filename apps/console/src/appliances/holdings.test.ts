import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filledOf, shareHeld } from './holdings.ts';

const PLANNED = { a: 300, b: 100, c: 600 };

describe('what an appliance holds', () => {
  it('is listed with what lacks most first', () => {
    assert.deepEqual(filledOf({ editions: ['a'], fillingBytes: { b: 25 } }, PLANNED), [
      { editionId: 'c', share: 0 },
      { editionId: 'b', share: 0.25 },
      { editionId: 'a', share: 1 },
    ]);
  });
  it('is whole only when the appliance says so', () => {
    assert.deepEqual(filledOf({ editions: [], fillingBytes: { a: 300 } }, { a: 300 }), [{ editionId: 'a', share: 0.99 }]);
  });
  it('is summed by bytes', () => {
    assert.equal(shareHeld({ editions: ['a'], fillingBytes: { b: 50 } }, PLANNED), 0.35);
    assert.equal(shareHeld({ editions: [], fillingBytes: {} }, {}), 1);
  });
});
