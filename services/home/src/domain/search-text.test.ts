import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import { wordsOf } from './search-text.ts';

describe('the words of a text', () => {
  it('have no case and no accents', () => {
    assert.deepEqual(wordsOf('AMÉLIE, l’été — Łódź & Straße!'), ['amelie', 'lete', 'lodz', 'strasse']);
    assert.deepEqual(wordsOf('İstanbul ıssız'), ['istanbul', 'issiz']);
    assert.deepEqual(wordsOf("Ocean's 11 (2001)"), ['oceans', '11', '2001']);
  });

  it('of Arabic are one, with and without vowel signs, whatever alef, and without the article', () => {
    assert.deepEqual(wordsOf('كِتَابٌ'), wordsOf('كتاب'));
    assert.deepEqual(wordsOf('أحمد إلى آخر'), wordsOf('احمد الي اخر'));
    assert.deepEqual(wordsOf('المدينة'), wordsOf('مدينه'));
    assert.deepEqual(wordsOf('فـــيلم'), wordsOf('فيلم'));
    assert.deepEqual(wordsOf('کتاب'), wordsOf('كتاب'));
    assert.deepEqual(wordsOf('١٢٣'), ['123']);
  });

  it('of Hindi keep their vowels, and are one with and without nukta and with either nasal sign', () => {
    assert.deepEqual(wordsOf('ज़िंदगी'), wordsOf('जिंदगी'));
    assert.deepEqual(wordsOf('माँ'), wordsOf('मां'));
    assert.notDeepEqual(wordsOf('कमल'), wordsOf('कमाल'));
    assert.deepEqual(wordsOf('हिन्दी सिनेमा १२'), ['हिन्दी', 'सिनेमा', '12']);
  });

  it('are the same when they are read again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (text) => {
        const words = wordsOf(text);
        for (const word of words) assert.doesNotMatch(word, /[\s\p{P}\p{Lu}]/u);
        const again = wordsOf(words.join(' '));
        assert.deepEqual(wordsOf(again.join(' ')), again);
      }),
      { numRuns: 500 },
    );
  });
});
