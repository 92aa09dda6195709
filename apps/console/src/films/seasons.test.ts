import { TitleKind } from '@bioscope/catalog/contract';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { nextNumber, placeOf, seasonsOf } from './seasons.ts';

const placed = (id: string, kind: TitleKind, more: object = {}) => ({
  id,
  name: '',
  kind,
  seriesId: '',
  number: 0,
  seasonNumber: 0,
  ...more,
});

describe('seasons', () => {
  it('are chosen by their series and number, those without a name too', () => {
    const titles = [
      placed('b', TitleKind.SERIES, { name: 'Beta' }),
      placed('a', TitleKind.SERIES, { name: 'Alpha' }),
      placed('b2', TitleKind.SEASON, { seriesId: 'b', number: 2, name: 'The end' }),
      placed('b1', TitleKind.SEASON, { seriesId: 'b', number: 1 }),
      placed('a1', TitleKind.SEASON, { seriesId: 'a', number: 1 }),
      placed('x1', TitleKind.SEASON, { seriesId: 'removed', number: 1 }),
    ];
    assert.deepEqual(seasonsOf(titles), [
      { id: 'a1', name: 'Alpha: Season 1' },
      { id: 'b1', name: 'Beta: Season 1' },
      { id: 'b2', name: 'Beta: The end' },
    ]);
  });

  it('go on with the number after the last', () => {
    assert.equal(nextNumber([]), 1);
    assert.equal(nextNumber([{ number: 3 }, { number: 1 }]), 4);
  });

  it('say where an episode stands', () => {
    assert.deepEqual(
      [
        placed('m', TitleKind.MOVIE),
        placed('s', TitleKind.SERIES),
        placed('n', TitleKind.SEASON, { number: 2 }),
        placed('e', TitleKind.EPISODE, { seasonNumber: 2, number: 5 }),
      ].map(placeOf),
      ['', 'series', 'Season 2', 'season 2, episode 5'],
    );
  });
});
