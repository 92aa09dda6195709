import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseRange } from './range.ts';

describe('a byte range', () => {
  it('is read with an end, without one, and from the end', () => {
    assert.deepEqual(parseRange('bytes=0-0', 10), { start: 0, end: 1 });
    assert.deepEqual(parseRange('bytes=4-', 10), { start: 4, end: 10 });
    assert.deepEqual(parseRange('bytes=-3', 10), { start: 7, end: 10 });
    assert.deepEqual(parseRange('bytes=-30', 10), { start: 0, end: 10 });
    assert.deepEqual(parseRange('bytes=4-99', 10), { start: 4, end: 10 });
  });

  it('cannot be had beyond the end, and is passed over when it is none or several', () => {
    for (const header of ['bytes=10-', 'bytes=10-12', 'bytes=-0']) assert.equal(parseRange(header, 10), 'unsatisfiable');
    for (const header of [undefined, '', 'bytes=-', 'bytes=5-4', 'bytes=0-1,3-4', 'items=0-1', 'bytes=a-b'])
      assert.equal(parseRange(header, 10), null);
  });
});
