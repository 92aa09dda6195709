import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { madeMovie, madeSeries } from '../../test/made-titles.ts';
import { visibleTo } from './audience.ts';
import { libraryOf } from './library.ts';
import { ceilingOf } from './viewer.ts';

const AUDIENCE = { country: 'DE', ceiling: 12, atMs: 100 };

describe('what an audience may see', () => {
  it('is a series with those episodes that are for it, and no series without any', () => {
    const [series, season, first, second] = madeSeries('show', 2);
    assert.ok(series !== undefined && season !== undefined && first !== undefined && second !== undefined);
    const visible = (titles: Parameters<typeof libraryOf>[0]) =>
      visibleTo(libraryOf(titles), AUDIENCE).map(({ id, plays }) => [id, plays.map((play) => play.id)]);
    assert.deepEqual(visible([series, season, { ...first, maturity: 16 }, second]), [['show', ['show-1-2']]]);
    assert.deepEqual(visible([series, season, first, { ...second, windows: [] }]), [['show', ['show-1-1']]]);
    assert.deepEqual(visible([series, season, { ...first, editionId: '' }]), []);
    assert.deepEqual(visible([{ ...series, maturity: 16 }, season, first]), [], 'the series itself is not for it');
    assert.deepEqual(visible([season, first]), [], 'an episode whose series is gone');
  });

  it('is no film without an edition', () => {
    assert.deepEqual(visibleTo(libraryOf([madeMovie('film', { editionId: '' })]), AUDIENCE), []);
  });

  it('is for kids never above 12, whatever was set', () => {
    assert.equal(ceilingOf({ maturityCeiling: 18, isKids: true }), 12);
    assert.equal(ceilingOf({ maturityCeiling: 6, isKids: true }), 6);
    assert.equal(ceilingOf({ maturityCeiling: 16, isKids: false }), 16);
  });
});
