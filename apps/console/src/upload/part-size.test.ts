import assert from 'node:assert/strict';
import { it } from 'node:test';
import { array, assert as check, nat, property } from 'fast-check';
import { nextPartBytes, PART_BYTES_FIRST, PART_BYTES_MAX, PART_BYTES_MIN } from './part-size.ts';

it('parts grow on a fast line, shrink on a slow one, and stay within their bounds', () => {
  assert.equal(nextPartBytes(PART_BYTES_FIRST, 100), PART_BYTES_FIRST * 2);
  assert.equal(nextPartBytes(PART_BYTES_FIRST, 1_000), PART_BYTES_FIRST);
  assert.equal(nextPartBytes(PART_BYTES_FIRST, 5_000), PART_BYTES_FIRST / 2);
  check(
    property(array(nat(10_000), { maxLength: 40 }), (times) => {
      const last = times.reduce((bytes, tookMs) => nextPartBytes(bytes, tookMs), PART_BYTES_FIRST);
      assert.ok(Number.isInteger(last) && last >= PART_BYTES_MIN && last <= PART_BYTES_MAX);
    }),
  );
});
