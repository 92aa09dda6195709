import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { decideAdd, decideMove, decideRemove, LIST_MAX, type ListDecision, type MyList } from './my-list.ts';

const listOf = (decision: ListDecision): MyList | string => (decision.kind === 'list' ? decision.list : decision.because);

describe('a list', () => {
  it('grows at its front and keeps its order', () => {
    assert.deepEqual(listOf(decideAdd(['a', 'b'], 'c')), ['c', 'a', 'b']);
    assert.deepEqual(listOf(decideMove(['a', 'b', 'c'], 'c', 'a')), ['c', 'a', 'b']);
    assert.deepEqual(listOf(decideMove(['a', 'b', 'c'], 'a', 'c')), ['b', 'a', 'c']);
    assert.deepEqual(listOf(decideMove(['a', 'b', 'c'], 'a', '')), ['b', 'c', 'a']);
    assert.deepEqual(listOf(decideRemove(['a', 'b'], 'a')), ['b']);
  });

  it('refuses what does not fit', () => {
    const full = Array.from({ length: LIST_MAX }, (_, index) => `t${index}`);
    assert.equal(listOf(decideAdd(full, 'new')), 'full');
    assert.deepEqual(listOf(decideAdd(full, 't9')), full, 'what is in it needs no room');
    assert.equal(listOf(decideMove(['a'], 'b', 'a')), 'not_in_list');
    assert.equal(listOf(decideMove(['a'], 'a', 'b')), 'not_in_list');
  });

  it('holds each title once, and the second time nothing happens', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd');
    const command = fc.oneof(
      id.map((one) => (list: MyList) => decideAdd(list, one)),
      id.map((one) => (list: MyList) => decideRemove(list, one)),
      fc.tuple(id, fc.oneof(id, fc.constant(''))).map(
        ([one, other]) =>
          (list: MyList) =>
            decideMove(list, one, other),
      ),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 20 }), (commands) => {
        let list: MyList = [];
        for (const decide of commands) {
          const decision = decide(list);
          if (decision.kind === 'refused') continue;
          list = decision.list;
          assert.equal(new Set(list).size, list.length);
          assert.equal(listOf(decide(list)), list, 'the very same list: nothing is written');
        }
      }),
      { numRuns: 300 },
    );
  });
});
