import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { banPathway, choosePathway, openPathways, orderPathways } from './pathways.ts';

describe('pathways', () => {
  it('are taken in order', () => {
    assert.equal(choosePathway(openPathways(['a', 'b']), 0, []), 'a');
    assert.equal(choosePathway(openPathways(['a', 'b']), 0, ['a']), 'b');
    assert.equal(choosePathway(openPathways([]), 0, []), undefined);
  });
  it('are left for a minute after a failure', () => {
    const banned = banPathway(openPathways(['a', 'b']), 'a', 1_000);
    assert.equal(choosePathway(banned, 60_999, []), 'b');
    assert.equal(choosePathway(banned, 61_000, []), 'a');
  });
  it('are gone back to when all of them failed: first the one whose ban ends first', () => {
    const banned = banPathway(banPathway(openPathways(['a', 'b']), 'b', 1), 'a', 2);
    assert.equal(choosePathway(banned, 3, []), 'b');
    assert.equal(choosePathway(banned, 3, ['b']), 'a');
    assert.equal(choosePathway(banned, 3, ['a', 'b']), 'b');
  });
  it('follow steering, which can neither add nor lose one', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    fc.assert(
      fc.property(fc.uniqueArray(id), fc.array(id), (order, priority) => {
        const steered = orderPathways(openPathways(order), priority).order;
        assert.deepEqual(steered.toSorted(), order.toSorted());
        const told = [...new Set(priority)].filter((each) => order.includes(each));
        assert.deepEqual(steered.slice(0, told.length), told);
      }),
    );
  });
});
