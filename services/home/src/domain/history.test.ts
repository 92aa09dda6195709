import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { madeMovie, madeSeries } from '../../test/made-titles.ts';
import { historyOf, type Watched } from './history.ts';
import { libraryOf } from './library.ts';

const library = libraryOf([madeMovie('film'), ...madeSeries('show', 3)]);
const watched = (titleId: string, stage: Watched['stage'], atMs: number, positionMs = 600_000): Watched => ({
  titleId,
  stage,
  atMs,
  positionMs,
  durationMs: 3_600_000,
});
const show = library.showOf.get('show');
const film = library.showOf.get('film');
assert.ok(show !== undefined && film !== undefined);
const next = (entries: readonly Watched[]) => {
  const history = historyOf(entries, library);
  const { play, positionMs } = history.nextOf(show);
  return { id: play.id, positionMs, isUnderWay: history.isUnderWay(show) };
};

describe('going on with a series', () => {
  it('begins with the first episode', () => {
    assert.deepEqual(next([]), { id: 'show-1-1', positionMs: 0, isUnderWay: false });
    assert.deepEqual(next([watched('show-1-2', 'opened', 1)]), { id: 'show-1-1', positionMs: 0, isUnderWay: false });
  });

  it('goes on in the episode that was watched last, or with the one after it', () => {
    const begun = [watched('show-1-1', 'finished', 1), watched('show-1-2', 'begun', 2)];
    assert.deepEqual(next(begun), { id: 'show-1-2', positionMs: 600_000, isUnderWay: true });
    assert.deepEqual(next([watched('show-1-1', 'finished', 3), watched('show-1-3', 'begun', 2)]), {
      id: 'show-1-2',
      positionMs: 0,
      isUnderWay: true,
    });
    assert.deepEqual(next([watched('show-1-1', 'finished', 3), watched('show-1-2', 'begun', 2)]), {
      id: 'show-1-2',
      positionMs: 600_000,
      isUnderWay: true,
    });
  });

  it('ends with the last episode, and begins anew', () => {
    assert.deepEqual(next([watched('show-1-3', 'finished', 9)]), { id: 'show-1-1', positionMs: 0, isUnderWay: false });
  });
});

describe('what was watched', () => {
  it('is told by show, the last first, without what the catalogue does not know', () => {
    const entries = [
      watched('show-1-1', 'finished', 1),
      watched('gone', 'begun', 9),
      watched('film', 'finished', 2),
      watched('show-1-3', 'finished', 3),
    ];
    assert.deepEqual(historyOf(entries, library).shows, [
      { showId: 'show', atMs: 3, isFinished: true },
      { showId: 'film', atMs: 2, isFinished: true },
    ]);
    assert.equal(historyOf(entries, library).isUnderWay(film), false);
  });
});
