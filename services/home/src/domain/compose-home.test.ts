import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';
import { GENRES, type Title } from '@bioscope/catalog/contract';

import { madeMovie, madeSeries } from '../../test/made-titles.ts';
import { visibleTo } from './audience.ts';
import { composeHome, type HomeInputs, type Thumb } from './compose-home.ts';
import { historyOf, type Watched } from './history.ts';
import { libraryOf } from './library.ts';
import { flavours } from './tasting.ts';

const DAY_MS = 86_400_000;
const NOW_MS = 20_000 * DAY_MS;

type Given = {
  readonly watched?: readonly Watched[];
  readonly list?: readonly string[];
  readonly thumbs?: Readonly<Record<string, Thumb>>;
  readonly popular?: Readonly<Record<string, number>>;
  readonly nowMs?: number;
  readonly profileId?: string;
  readonly ceiling?: number;
};

function inputsOf(titles: readonly Title[], given: Given): HomeInputs {
  const library = libraryOf(titles);
  const nowMs = given.nowMs ?? NOW_MS;
  return {
    profileId: given.profileId ?? 'p',
    nowMs,
    visible: visibleTo(library, { country: 'DE', ceiling: given.ceiling ?? 18, atMs: nowMs }),
    history: historyOf(given.watched ?? [], library),
    list: given.list ?? [],
    thumbs: new Map(Object.entries(given.thumbs ?? {})),
    popularityOf: (id) => given.popular?.[id] ?? 0,
    flavours: flavours(library),
  };
}
const compose = (titles: readonly Title[], given: Given = {}) => composeHome(inputsOf(titles, given));
const rowsOf = (titles: readonly Title[], given: Given = {}): Record<string, readonly string[]> =>
  Object.fromEntries(compose(titles, given).rows.map(({ id, titleIds }) => [id, titleIds]));
const watched = (titleId: string, stage: Watched['stage'], atMs = NOW_MS): Watched => ({
  titleId,
  stage,
  atMs,
  positionMs: 600_000,
  durationMs: 3_600_000,
});

const film = (id: string, genres: string[], createdDaysAgo = 1) => madeMovie(id, { genres, createdAtMs: NOW_MS - createdDaysAgo * DAY_MS });
const SMALL = [
  film('a', ['drama'], 3),
  film('b', ['drama', 'crime'], 2),
  film('c', ['comedy'], 1),
  film('d', ['comedy'], 200),
  film('e', ['comedy'], 300),
];

describe('a home page', () => {
  it('of nothing is nothing', () => {
    assert.deepEqual(compose([]), { billboard: null, rows: [] });
  });

  it('has what is new, newest first, and a series with its newest episode', () => {
    const series = madeSeries('show', 1, { createdAtMs: NOW_MS - 400 * DAY_MS });
    assert.deepEqual(rowsOf(SMALL)['new'], ['c', 'b', 'a']);
    assert.equal(rowsOf([...SMALL, ...series])['new']?.includes('show'), false);
    const [one, season, episode] = series;
    assert.ok(one !== undefined && season !== undefined && episode !== undefined);
    assert.deepEqual(rowsOf([...SMALL, one, season, { ...episode, createdAtMs: NOW_MS }])['new']?.[0], 'show');
  });

  it('goes on with what is under way, the last watched first', () => {
    const series = madeSeries('show', 2, { createdAtMs: 1 });
    const given = {
      watched: [watched('a', 'begun', 1), watched('show-1-1', 'finished', 2), watched('c', 'finished', 3), watched('b', 'opened', 4)],
    };
    const rows = rowsOf([...SMALL, ...series], given);
    assert.deepEqual(rows['continue'], ['show', 'a']);
    assert.deepEqual(rows['new'], ['b'], 'what was watched is not new');
  });

  it('has the list in its order, and a chart that decides by counts', () => {
    const rows = rowsOf(SMALL, { list: ['c', 'gone', 'a'], popular: { e: 2, d: 5, a: 1 } });
    assert.deepEqual(rows['list'], ['c', 'a']);
    assert.deepEqual(rows['popular'], ['d', 'e', 'a']);
  });

  it('has more of what was watched or liked, and nothing of what is disliked', () => {
    const rows = rowsOf(SMALL, { watched: [watched('d', 'finished')], thumbs: { a: 'up', e: 'down' } });
    assert.deepEqual(rows['because:d'], ['c']);
    assert.deepEqual(rows['because:a'], ['b']);
    const elsewhere = Object.entries(rowsOf(SMALL, { thumbs: { c: 'down' }, list: ['c'] })).filter(([id]) => id !== 'list');
    assert.deepEqual(
      elsewhere.filter(([, ids]) => ids.includes('c')),
      [],
    );
  });

  it('shows a kid nothing above its ceiling', () => {
    const titles = [madeMovie('six', { maturity: 6, genres: ['family'] }), madeMovie('adult', { maturity: 18, genres: ['family'] })];
    const page = compose(titles, {
      ceiling: 6,
      list: ['adult', 'six'],
      watched: [watched('adult', 'begun')],
      popular: { adult: 9, six: 1 },
    });
    assert.deepEqual(
      page.rows.flatMap(({ titleIds }) => titleIds).filter((id) => id !== 'six'),
      [],
    );
    assert.equal(page.billboard, 'six');
  });

  it('puts a title with a large picture on the billboard that was not seen to its end', () => {
    const titles = SMALL.map((title) => ({ ...title, backdropPath: ['a', 'b'].includes(title.id) ? '/b.jpg' : '' }));
    assert.equal(compose(titles, { watched: [watched('a', 'finished')] }).billboard, 'b');
    assert.notEqual(compose(titles, { thumbs: { b: 'down' } }).billboard, 'b');
  });

  it('does not pile up rows that show the same few titles', () => {
    const two = [film('a', ['drama', 'crime']), film('b', ['drama', 'crime'])];
    assert.deepEqual(Object.keys(rowsOf(two)), ['new']);
  });
});

describe('any home page', () => {
  const genre = fc.constantFrom(...GENRES.slice(0, 6));
  const catalogue = fc.array(
    fc.record({ genres: fc.uniqueArray(genre, { maxLength: 3 }), days: fc.nat(200), maturity: fc.constantFrom(0, 12, 18) }),
    {
      maxLength: 120,
    },
  );
  const given = fc.record({
    watched: fc.array(fc.tuple(fc.nat(119), fc.constantFrom('opened', 'begun', 'finished'), fc.nat(1000)), { maxLength: 10 }),
    list: fc.uniqueArray(fc.nat(119), { maxLength: 10 }),
    thumbs: fc.array(fc.tuple(fc.nat(119), fc.constantFrom('up', 'down')), { maxLength: 10 }),
    popular: fc.array(fc.tuple(fc.nat(119), fc.integer({ min: 1, max: 9 })), { maxLength: 10 }),
    ceiling: fc.constantFrom(0, 12, 18),
  });
  const pages = fc.tuple(catalogue, given).map(([entries, by]) => {
    const titles = entries.map(({ genres, days, maturity }, index) =>
      madeMovie(`t${index}`, { genres, maturity, createdAtMs: NOW_MS - days * DAY_MS }),
    );
    return {
      titles,
      given: {
        watched: by.watched.map(([index, stage, atMs]) => watched(`t${index}`, stage, atMs)),
        list: by.list.map((index) => `t${index}`),
        thumbs: Object.fromEntries(by.thumbs.map(([index, thumb]) => [`t${index}`, thumb])),
        popular: Object.fromEntries(by.popular.map(([index, count]) => [`t${index}`, count])),
        ceiling: by.ceiling,
      } satisfies Given,
    };
  });

  it('is the same from the same data, whatever order the catalogue came in', () => {
    fc.assert(
      fc.property(pages, ({ titles, given: by }) => {
        assert.deepEqual(compose(titles.toReversed(), by), compose(titles, by));
      }),
      { numRuns: 100 },
    );
  });

  it('has no empty row, no row twice, no title twice in a row, and only what may be seen', () => {
    fc.assert(
      fc.property(pages, ({ titles, given: by }) => {
        const { rows, billboard } = compose(titles, by);
        const allowed = new Set(titles.filter(({ maturity }) => maturity <= by.ceiling).map(({ id }) => id));
        assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
        for (const { titleIds } of rows) {
          assert.ok(titleIds.length > 0);
          assert.equal(new Set(titleIds).size, titleIds.length);
          for (const id of titleIds) assert.ok(allowed.has(id));
        }
        assert.equal(billboard === null, allowed.size === 0);
      }),
      { numRuns: 150 },
    );
  });

  it('of a large catalogue repeats a title only where a row would be untrue without it', () => {
    const titles = Array.from({ length: 100 }, (_, index) => film(`t${index}`, [GENRES[index % 5] ?? 'drama', 'short'], index * 2));
    const { rows } = compose(titles, { watched: [watched('t3', 'begun')], popular: { t1: 3, t2: 2 }, list: ['t9'] });
    const kinds = new Set(rows.map(({ kind }) => kind));
    assert.deepEqual([...kinds], ['continue', 'list', 'new', 'popular', 'because', 'genre']);
    const shown = new Set<string>();
    for (const { kind, titleIds } of rows) {
      if (!['continue', 'list', 'popular'].includes(kind))
        assert.deepEqual(
          titleIds.filter((id) => shown.has(id)),
          [],
          kind,
        );
      for (const id of titleIds) shown.add(id);
    }
  });

  it('looks different to another profile and on another day', () => {
    const titles = Array.from({ length: 100 }, (_, index) => film(`t${index}`, ['drama'], 200));
    const page = JSON.stringify(compose(titles));
    assert.notEqual(JSON.stringify(compose(titles, { profileId: 'q' })), page);
    assert.notEqual(JSON.stringify(compose(titles, { nowMs: NOW_MS + DAY_MS })), page);
    assert.equal(JSON.stringify(compose(titles, { nowMs: NOW_MS + DAY_MS / 2 })), page);
  });
});
