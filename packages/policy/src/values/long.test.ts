import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { add, divide, multiply, negate, remainder, subtract, toLong } from './long.ts';
import type { Long } from './long.ts';

const MAX = 2n ** 63n - 1n;
const edges = [0n, 1n, -1n, 2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n), MAX, -MAX - 1n];
const anyLong = fc.oneof(fc.constantFrom(...edges), fc.bigInt({ min: -MAX - 1n, max: MAX }), fc.bigInt({ min: -1000n, max: 1000n }));

describe('a Long', () => {
  it('adds, subtracts and multiplies as 64 bits do, and has no value where they overflow', () => {
    fc.assert(
      fc.property(anyLong, anyLong, (left, right) => {
        assert.equal(add(long(left), long(right)), fitting(left + right));
        assert.equal(subtract(long(left), long(right)), fitting(left - right));
        assert.equal(multiply(long(left), long(right)), fitting(left * right));
      }),
    );
  });

  it('has one form for each number, so that JavaScript compares it rightly', () => {
    fc.assert(
      fc.property(anyLong, anyLong, (left, right) => {
        assert.equal(long(left) === long(right), left === right);
        assert.equal(long(left) < long(right), left < right);
      }),
    );
  });

  it('negates everything but the smallest', () => {
    fc.assert(fc.property(anyLong, (value) => assert.equal(negate(long(value)), fitting(-value))));
    assert.equal(negate(long(-MAX - 1n)), undefined);
  });

  it('divides towards zero and leaves a remainder that is never negative', () => {
    fc.assert(
      fc.property(anyLong, fc.integer({ min: 1, max: 86_400_000 }), (value, divisor) => {
        assert.equal(divide(long(value), divisor), fitting(value / BigInt(divisor)));
        const rest = value % BigInt(divisor);
        assert.equal(remainder(long(value), divisor), Number(rest < 0n ? rest + BigInt(divisor) : rest));
      }),
    );
  });

  it('knows no negative zero', () => {
    for (const zero of [multiply(0, -1), negate(0), divide(-1, 1000), remainder(-1000, 1000)]) assert.ok(Object.is(zero, 0));
  });
});

function long(value: bigint): Long {
  const fitted = toLong(value);
  if (fitted === undefined) throw new RangeError(`${value}`);
  return fitted;
}

function fitting(value: bigint): Long | undefined {
  return value > MAX || value < -MAX - 1n ? undefined : toLong(value);
}
