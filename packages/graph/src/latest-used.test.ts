import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { latestUsed } from './latest-used.ts';

describe('the entries used last', () => {
  it('stay, and the one unused for longest goes', () => {
    const known = latestUsed<string, number>({ entriesMax: 2 });
    known.set('a', 1);
    known.set('b', 2);
    assert.equal(known.get('a'), 1);
    known.set('c', 3);
    assert.deepEqual([known.get('a'), known.get('b'), known.get('c'), known.size], [1, undefined, 3, 2]);
  });
});
