import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { isOffered } from '../../contract/offered.ts';
import { readWindows } from './windows.ts';

const window = (country: string, fromMs: number, untilMs: number) => ({ country, fromMs, untilMs });

describe('the windows of a title', () => {
  it('are told every fault at once', () => {
    const verdict = readWindows([window('de', -1, 0), window('FR', 5, 5), window('GB', 0, 9), window('GB', 8, 0)]);
    assert.equal(verdict.kind, 'refused');
    assert.match(
      verdict.kind === 'refused' ? verdict.problems.join('; ') : '',
      /until_ms of FR does not lie after.*two windows of GB overlap.*country is "de".*from_ms of de is -1/,
    );
  });

  it('may follow each other without a gap, and one without end is the last', () => {
    assert.equal(readWindows([window('DE', 5, 9), window('DE', 0, 5)]).kind, 'windows');
    assert.equal(readWindows([window('DE', 0, 0), window('DE', 5, 9)]).kind, 'refused');
  });

  it('offer the title at the same times in whatever order they were given', () => {
    const any = fc.array(fc.record({ country: fc.constantFrom('*', 'DE'), fromMs: fc.nat(9), untilMs: fc.nat(9) }), { maxLength: 5 });
    fc.assert(
      fc.property(any, fc.nat(12), (given, atMs) => {
        const verdict = readWindows(given);
        assert.equal(readWindows(given.toReversed()).kind, verdict.kind);
        if (verdict.kind === 'refused') return;
        assert.deepEqual(readWindows(given.toReversed()), verdict);
        for (const country of ['DE', 'FR'])
          assert.equal(isOffered(verdict.windows, { country, atMs }), isOffered(given, { country, atMs }));
      }),
      { numRuns: 300 },
    );
  });
});
