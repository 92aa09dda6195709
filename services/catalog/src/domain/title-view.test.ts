import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { TitleKind, TitleState } from '../../contract/index.ts';
import { families } from './family.ts';
import { titleView } from './title-view.ts';
import { NOTHING_SAID, STANDS_ALONE, type TitleRecord } from './title.ts';

const DESCRIPTION = { name: 'N', synopsis: '', year: 0, credit: '', licence: '', sourceUrl: '' };
const EDITION = { editionId: 'ed', complete: true, durationMs: 1, rungHeights: [240], audioLanguages: ['de'], textLanguages: [] };

const made = (id: string, changes: Partial<TitleRecord> = {}): TitleRecord => ({
  ...NOTHING_SAID,
  ...STANDS_ALONE,
  ...DESCRIPTION,
  id,
  version: 1,
  createdAtMs: 1,
  ...changes,
});
const series = made('s', {
  kind: 'series',
  genres: ['drama'],
  maturity: 12,
  originalLanguage: 'de',
  windows: [{ country: 'DE', fromMs: 0, untilMs: 0 }],
});
const season = made('s1', { kind: 'season', parentId: 's', number: 1 });
const first = made('e1', { kind: 'episode', parentId: 's1', number: 1, editions: [EDITION], poster: 'p.jpg' });
const second = made('e2', { kind: 'episode', parentId: 's1', number: 2, genres: ['comedy'], maturity: 6, windows: [] });
const ALL = [second, season, first, series];

const view = (record: TitleRecord, all: readonly TitleRecord[] = ALL, nowMs = 50) =>
  titleView({ record, family: families(all).of(record), prepared: 0.5, nameOf: (id) => (id === 'gone' ? null : 'P'), language: '', nowMs });

describe('a title as clients see it', () => {
  it('has from its season or series what nobody said of it', () => {
    assert.partialDeepStrictEqual(view(first), {
      kind: TitleKind.EPISODE,
      parentId: 's1',
      seriesId: 's',
      number: 1,
      seasonNumber: 1,
      genres: ['drama'],
      maturity: 12,
      isRated: true,
      originalLanguage: 'de',
      windows: [{ country: 'DE', fromMs: 0, untilMs: 0 }],
      audioLanguages: ['de'],
    });
    assert.partialDeepStrictEqual(view(second), { genres: ['comedy'], maturity: 6 });
    assert.deepEqual(view(second).windows, [], 'no windows of its own means nowhere, whatever the series says');
  });

  it('counts as for adults when nobody rated it, and says that this is no rating', () => {
    assert.partialDeepStrictEqual(view(made('film')), { maturity: 18, isRated: false });
    assert.partialDeepStrictEqual(view(made('film', { maturity: 0 })), { maturity: 0, isRated: true });
  });

  it('of a series or season can be watched as soon as an episode can, and shows its picture', () => {
    for (const title of [series, season])
      assert.partialDeepStrictEqual(view(title), { state: TitleState.PLAYABLE, episodes: 1, posterPath: '/artwork/e1/p.jpg' });
    assert.partialDeepStrictEqual(view(series, [series, season, second]), { state: TitleState.PREPARING, episodes: 0, posterPath: '' });
  });

  it('has no parents when its season is gone', () => {
    assert.partialDeepStrictEqual(view(first, [first, series]), { parentId: '', seriesId: '', seasonNumber: 0, maturity: 18 });
    assert.partialDeepStrictEqual(view(first, [first, { ...season, kind: 'movie' }]), { parentId: '', seriesId: '' });
  });

  it('tells old clients the window for every country that holds or comes next, and one that is over when there is none', () => {
    const windows = [
      { country: '*', fromMs: 60, untilMs: 70 },
      { country: '*', fromMs: 10, untilMs: 20 },
      { country: 'DE', fromMs: 0, untilMs: 0 },
    ];
    assert.partialDeepStrictEqual(view(made('film', { windows }), [], 50), { availableFromMs: 60, availableUntilMs: 70 });
    assert.partialDeepStrictEqual(view(made('film', { windows }), [], 90), { availableFromMs: 60, availableUntilMs: 70 });
    assert.partialDeepStrictEqual(view(made('film'), [], 50), { availableFromMs: 0, availableUntilMs: 0 });
    assert.partialDeepStrictEqual(view(first), { availableFromMs: 0, availableUntilMs: 1 });
  });

  it('credits people who are there by the names they have now', () => {
    const people = [
      { personId: 'gone', job: 'director', role: '' },
      { personId: 'p', job: 'cast', role: 'Herself' },
    ] as const;
    assert.deepEqual(view(made('film', { people })).people, [{ personId: 'p', name: 'P', job: 'cast', role: 'Herself' }]);
  });
});
