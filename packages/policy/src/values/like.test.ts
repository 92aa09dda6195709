import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { isLike } from './like.ts';

describe('like', () => {
  it('matches what a backtracking matcher matches', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '😀'), maxLength: 8 });
    const stretch = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), maxLength: 2 });
    fc.assert(
      fc.property(letters, fc.array(stretch, { minLength: 1, maxLength: 5 }), (text, pattern) => {
        const expression = new RegExp(`^${pattern.join('.*')}$`, 'su');
        assert.equal(isLike(text, pattern), expression.test(text));
      }),
    );
  });

  it('does not let the two ends share a letter', () => {
    assert.equal(isLike('aba', ['ab', 'ba']), false);
    assert.equal(isLike('abba', ['ab', 'ba']), true);
  });

  it('stays quick where a naive matcher would take for ever', () => {
    assert.equal(isLike('a'.repeat(20_000), [...Array.from({ length: 200 }, () => 'a'), 'b']), false);
  });
});
