import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { isOffered, isSuitable, type OfferedWindow } from './offered.ts';
import { textsIn } from './texts.ts';

const everywhere = (fromMs = 0, untilMs = 0): OfferedWindow => ({ country: '*', fromMs, untilMs });
const germany = (fromMs = 0, untilMs = 0): OfferedWindow => ({ country: 'DE', fromMs, untilMs });

describe('where and when a title is offered', () => {
  it('includes the first moment of a window and excludes the last', () => {
    const at = (atMs: number): boolean => isOffered([germany(100, 200)], { country: 'DE', atMs });
    assert.deepEqual([99, 100, 199, 200].map(at), [false, true, true, false]);
    assert.equal(isOffered([germany(100)], { country: 'DE', atMs: Number.MAX_SAFE_INTEGER }), true, 'zero is no end');
  });

  it('is nowhere without windows', () => {
    assert.equal(isOffered([], { country: 'DE', atMs: 1 }), false);
  });

  it('leaves a country with windows of its own to these alone', () => {
    const windows = [everywhere(), germany(0, 1)];
    assert.equal(isOffered(windows, { country: 'FR', atMs: 50 }), true);
    assert.equal(isOffered(windows, { country: 'DE', atMs: 50 }), false);
    assert.equal(isOffered(windows, { country: '', atMs: 50 }), true, 'an unknown country is like any without windows of its own');
    assert.equal(isOffered([germany()], { country: '', atMs: 50 }), false);
    assert.equal(isOffered([germany()], { country: '*', atMs: 50 }), false);
  });

  it('depends on the windows of one country only', () => {
    const window = fc.record({ country: fc.constantFrom('*', 'DE', 'FR'), fromMs: fc.nat(20), untilMs: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(window), fc.constantFrom('DE', 'FR', 'IN', ''), fc.nat(25), (windows, country, atMs) => {
        const own = windows.filter((each) => each.country === country);
        const counting = own.length > 0 ? own : windows.filter((each) => each.country === '*');
        assert.equal(
          isOffered(windows, { country, atMs }),
          counting.some(({ fromMs, untilMs }) => fromMs <= atMs && (untilMs === 0 || atMs < untilMs)),
        );
      }),
    );
  });
});

describe('whether a title suits a profile', () => {
  it('is decided by the age and nothing else', () => {
    assert.deepEqual(
      [0, 6, 12, 16, 18].map((maturity) => isSuitable({ maturity }, 12)),
      [true, true, true, false, false],
    );
  });
});

describe('the texts of a title', () => {
  const title = {
    name: 'Own',
    synopsis: 'Long.',
    synopsisShort: 'Short.',
    translations: [
      { language: 'pt', name: 'Portuguese', synopsis: 'Longo.', synopsisShort: '' },
      { language: 'pt-BR', name: 'Brazilian', synopsis: '', synopsisShort: '' },
    ],
  };

  it('come in the language, then in it without region, then as the title has them, each by itself', () => {
    assert.deepEqual(textsIn(title, 'pt-br'), { name: 'Brazilian', synopsis: 'Longo.', synopsisShort: 'Short.' });
    assert.equal(textsIn(title, 'pt-PT').name, 'Portuguese');
    assert.equal(textsIn(title, 'p').name, 'Own');
    assert.equal(textsIn(title, '').name, 'Own');
  });
});
