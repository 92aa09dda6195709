import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clock, languageName, percent, qualityName, runtime, spokenTime } from './format.ts';

describe('times', () => {
  it('show hours only when there are any', () => {
    assert.deepEqual([0, 7_999, 723_000, 3_723_000, 36_000_000].map(clock), ['0:00', '0:07', '12:03', '1:02:03', '10:00:00']);
  });
  it('are zero when unknown', () => {
    assert.deepEqual([Number.NaN, Infinity, -5].map(clock), ['0:00', '0:00', '0:00']);
  });
  it('are spoken in full', () => {
    assert.deepEqual(
      [0, 1_000, 3_723_000, 3_600_000].map((ms) => spokenTime(ms, 'en')),
      ['0 seconds', '1 second', '1 hour, 2 minutes, 3 seconds', '1 hour'],
    );
    assert.equal(spokenTime(62_000, 'de'), '1 Minute, 2 Sekunden');
  });
  it('of films are rounded to what one plans an evening with', () => {
    assert.deepEqual(
      [34_000, 59_600, 596_000, 3_600_000, 5_760_000].map((ms) => runtime(ms, 'en')),
      ['34 sec', '1 min', '10 min', '1 hr', '1 hr 36 min'],
    );
    assert.equal(runtime(5_760_000, 'es'), '1 h 36 min');
  });
});

describe('names', () => {
  it('of qualities are the usual ones', () => {
    assert.deepEqual([240, 1080, 2160].map(qualityName), ['240p', '1080p', '4K']);
  });
  it('of languages fall back when the language is not known', () => {
    assert.equal(languageName('de', 'en', 'Track 1'), 'German');
    for (const tag of ['und', '', 'zzz-nonsense-tag!']) assert.equal(languageName(tag, 'en', 'Track 1'), 'Track 1');
  });
});

describe('progress', () => {
  it('does not say 100 before it is done', () => {
    assert.deepEqual(
      [0, 0.996, 1, 7, -1].map((share) => percent(share, 'en')),
      ['0%', '99%', '100%', '100%', '0%'],
    );
    assert.equal(percent(0.5, 'de'), '50\u00a0%');
  });
});
