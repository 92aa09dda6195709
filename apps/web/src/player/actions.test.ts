import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextRate } from './actions.ts';

describe('the speed of the film', () => {
  it('moves by one step', () => {
    assert.equal(nextRate(1, 1), 1.25);
    assert.equal(nextRate(1, -1), 0.75);
    assert.equal(nextRate(1.1, 1), 1.25);
  });
  it('stays at the ends', () => {
    assert.equal(nextRate(2, 1), 2);
    assert.equal(nextRate(0.5, -1), 0.5);
  });
});
