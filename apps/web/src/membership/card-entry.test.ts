import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readCard, slashedExpiry, spacedNumber } from './card-entry.ts';

const NOW_MS = Date.UTC(2026, 10, 27);
const read = (number: string, expires: string) => readCard({ number, expires }, NOW_MS);
const problem = (number: string, expires: string) => {
  const outcome = read(number, expires);
  return 'problem' in outcome ? outcome.problem : undefined;
};

describe('a card that is typed', () => {
  it('may have spaces, and years of two or four digits', () => {
    const entry = { number: '4242424242424242', expiresMonth: 3, expiresYear: 2029 };
    for (const expires of ['03/29', '3/29', '03 / 2029', '03-29', '03 29'])
      assert.deepEqual(read('4242 4242 4242 4242', expires), { entry }, expires);
  });

  it('with a digit too few, or one mistyped, is found before it is sent', () => {
    for (const number of ['', '4242 4242', '4242 4242 4242 4241', '2442 4242 4242 4242'])
      assert.deepEqual(problem(number, '03/29'), { field: 'number', because: 'number' }, number);
  });

  it('is good to the last day of its month', () => {
    assert.equal(problem('4242424242424242', '11/26'), undefined);
    assert.deepEqual(problem('4242424242424242', '10/26'), { field: 'expires', because: 'expired' });
    for (const expires of ['13/29', '0/29', 'soon', '1/2/29'])
      assert.deepEqual(problem('4242424242424242', expires), { field: 'expires', because: 'expires' });
  });

  it('is set out as it is printed, while it is typed', () => {
    assert.equal(spacedNumber('42424242424'), '4242 4242 424');
    assert.equal(spacedNumber('4242 4242 4242 4242x99999'), '4242 4242 4242 4242 999');
    assert.equal(slashedExpiry('12', '1'), '12/');
    assert.equal(slashedExpiry('12/3', '12/'), '12/3');
    assert.equal(slashedExpiry('1229', ''), '12/29');
    assert.equal(slashedExpiry('12', '12/'), '12', 'the slash can be deleted');
  });
});
