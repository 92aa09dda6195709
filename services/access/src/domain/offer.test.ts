import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { isOffered } from '@bioscope/catalog/contract';
import * as fc from 'fast-check';

import { offerIn } from './offer.ts';

const window = (country: string, fromMs = 0, untilMs = 0) => ({ country, fromMs, untilMs });

describe('offerIn', () => {
  it('says when an open window closes, and when a later one opens', () => {
    assert.deepEqual(offerIn([window('*', 10, 20)], { country: 'DE', atMs: 15 }), { state: 'open', changesAtMs: 20 });
    assert.deepEqual(offerIn([window('*', 10, 20), window('*', 30)], { country: 'DE', atMs: 25 }), { state: 'later', changesAtMs: 30 });
    assert.deepEqual(offerIn([window('*', 10, 20)], { country: 'DE', atMs: 20 }), { state: 'over', changesAtMs: 0 });
  });

  it('takes a country with windows of its own out of those for every country', () => {
    const notInFrance = [window('*'), window('FR', 0, 1)];
    assert.equal(offerIn(notInFrance, { country: 'DE', atMs: 5 }).state, 'open');
    assert.equal(offerIn(notInFrance, { country: 'FR', atMs: 5 }).state, 'over');
    assert.equal(offerIn([window('FR')], { country: 'DE', atMs: 5 }).state, 'elsewhere');
  });

  it('does not take an unknown country for one without windows of its own', () => {
    assert.equal(offerIn([window('*')], { country: '', atMs: 5 }).state, 'open');
    assert.equal(offerIn([window('*'), window('FR', 0, 1)], { country: '', atMs: 5 }).state, 'depends');
    assert.equal(offerIn([window('FR')], { country: '', atMs: 5 }).state, 'depends');
    assert.equal(offerIn([window('*', 10), window('FR', 10)], { country: '', atMs: 5 }).state, 'later');
    assert.equal(offerIn([], { country: '', atMs: 5 }).state, 'elsewhere');
  });

  const time = fc.nat({ max: 6 });
  const windows = fc.array(fc.record({ country: fc.constantFrom('*', 'DE', 'FR'), fromMs: time, untilMs: time }), { maxLength: 5 });

  it('is open exactly where and when the catalog offers', () => {
    fc.assert(
      fc.property(windows, fc.constantFrom('DE', 'FR', 'IN'), time, (some, country, atMs) => {
        assert.equal(offerIn(some, { country, atMs }).state === 'open', isOffered(some, { country, atMs }));
      }),
      { numRuns: 500 },
    );
  });

  it('is open in an unknown country only if it is in every one', () => {
    fc.assert(
      fc.property(windows, time, (some, atMs) => {
        const isOpen = ['DE', 'FR', 'IN'].every((country) => isOffered(some, { country, atMs }));
        assert.equal(offerIn(some, { country: '', atMs }).state === 'open', isOpen);
      }),
      { numRuns: 500 },
    );
  });

  it('stays as it is until the time that it says', () => {
    fc.assert(
      fc.property(windows, fc.constantFrom('DE', 'FR', ''), time, (some, country, atMs) => {
        const { state, changesAtMs } = offerIn(some, { country, atMs });
        for (let later = atMs; later < (changesAtMs === 0 ? 10 : changesAtMs); later += 1)
          assert.equal(offerIn(some, { country, atMs: later }).state, state);
      }),
      { numRuns: 500 },
    );
  });
});
