import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { descriptionFrom } from './description.ts';

const TITLE = {
  name: 'Metropolis',
  synopsis: 'A city.',
  synopsisShort: '',
  originalLanguage: 'de',
  credit: '',
  licence: '',
  sourceUrl: '',
  year: 1927,
  genres: ['drama', 'science-fiction'],
  isRated: true,
  maturity: 12,
};

/** The form as it stands when somebody has changed only this. */
function form(changes: Record<string, string> = {}, genres: readonly string[] = TITLE.genres): FormData {
  const { genres: _, isRated: __, year, maturity, ...texts } = TITLE;
  const fields = new FormData();
  for (const [name, value] of Object.entries({ ...texts, year: String(year), maturity: String(maturity), ...changes }))
    fields.set(name, value);
  for (const genre of genres) fields.append('genre', genre);
  return fields;
}

describe('the description of a film', () => {
  it('says only what was changed', () => {
    assert.deepEqual(descriptionFrom(form(), TITLE), {});
    assert.deepEqual(descriptionFrom(form({ synopsis: ' A city in two storeys. ' }), TITLE), { synopsis: 'A city in two storeys.' });
    assert.deepEqual(descriptionFrom(form({}, ['science-fiction', 'drama']), TITLE), {});
  });
  it('empties what was emptied', () => {
    assert.deepEqual(descriptionFrom(form({ year: '', maturity: '', originalLanguage: '' }, []), TITLE), {
      originalLanguage: '',
      year: 0,
      genres: { ids: [] },
      rating: {},
    });
  });
  it('rates what was not rated, also as 18, which unrated titles count as', () => {
    assert.deepEqual(descriptionFrom(form({ maturity: '18' }), { ...TITLE, isRated: false, maturity: 18 }), { rating: { maturity: 18 } });
    assert.deepEqual(descriptionFrom(form({ maturity: '0' }), TITLE), { rating: { maturity: 0 } });
  });
});
