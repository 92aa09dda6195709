import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { chooseLanguage, directionOf, fallbacksOf, languageOf, LANGUAGES, parseAcceptLanguage } from './languages.ts';

describe('languages', () => {
  it('fall back from the region to the language to English', () => {
    assert.deepEqual(fallbacksOf('de-AT'), ['de-AT', 'de', 'en']);
    assert.deepEqual(fallbacksOf('EN-gb'), ['en-GB', 'en']);
    assert.deepEqual(fallbacksOf('zh-hant-tw'), ['zh-Hant-TW', 'zh-Hant', 'zh', 'en']);
  });

  it('are chosen by what is wanted most and there, a regional form before its language', () => {
    assert.equal(chooseLanguage(['de-AT', 'es'], LANGUAGES), 'de');
    assert.equal(chooseLanguage(['de-at'], [...LANGUAGES, 'de-AT']), 'de-AT');
    assert.equal(chooseLanguage(['fr-FR', 'hi'], LANGUAGES), 'hi');
    assert.equal(chooseLanguage(['en', 'de'], LANGUAGES), 'en');
    assert.equal(chooseLanguage(['fr', '<script>'], LANGUAGES), 'en');
    assert.equal(chooseLanguage([], LANGUAGES), 'en');
  });

  it('are read from what a browser sends, by weight and then by place', () => {
    assert.deepEqual(parseAcceptLanguage('fr;q=0.7, de-at, en;q=0.8, es;q=0, *;q=0.1'), ['de-AT', 'en', 'fr']);
    assert.deepEqual(parseAcceptLanguage(''), []);
    assert.deepEqual(parseAcceptLanguage('de;q=nonsense, ;;;, ../etc'), []);
  });

  it('know which of them are written from right to left', () => {
    assert.deepEqual(
      LANGUAGES.filter((language) => directionOf(language) === 'rtl'),
      ['ar'],
    );
    assert.equal(directionOf('ar-EG'), 'rtl');
    assert.equal(languageOf('ar-EG'), 'ar');
    assert.equal(languageOf('arn'), undefined);
  });

  it('are always one of those that there are, whatever somebody sends', () => {
    fc.assert(
      fc.property(fc.string(), (header) =>
        LANGUAGES.some((language) => language === chooseLanguage(parseAcceptLanguage(header), LANGUAGES)),
      ),
      { numRuns: 500 },
    );
  });
});
