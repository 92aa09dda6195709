import assert from 'node:assert/strict';
import { it } from 'node:test';
import { array, assert as check, constantFrom, property, string } from 'fast-check';
import { moved } from './moved.ts';

it('moves a title by one place, and says before which it stands', () => {
  assert.deepEqual(moved(['a', 'b', 'c'], 'b', -1), { order: ['b', 'a', 'c'], beforeTitleId: 'a' });
  assert.deepEqual(moved(['a', 'b', 'c'], 'b', 1), { order: ['a', 'c', 'b'], beforeTitleId: null });
  assert.deepEqual(moved(['a', 'b', 'c'], 'a', 1), { order: ['b', 'a', 'c'], beforeTitleId: 'c' });
});
it('leaves it where it is at the ends', () => {
  assert.deepEqual([moved(['a', 'b'], 'a', -1), moved(['a', 'b'], 'b', 1), moved(['a'], 'x', 1)], [undefined, undefined, undefined]);
});
it('moving there and back changes nothing', () => {
  check(
    property(array(string(), { minLength: 1 }), constantFrom(1 as const, -1 as const), (titles, by) => {
      const order = [...new Set(titles)];
      const [first = ''] = order;
      const there = moved(order, first, by);
      if (there === undefined) return;
      assert.deepEqual(moved(there.order, first, by === 1 ? -1 : 1)?.order, order);
    }),
  );
});
