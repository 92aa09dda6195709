import { create } from '@bufbuild/protobuf';
import { TitleSchema, TitleState, type Title } from '@bioscope/catalog/contract';
import { BookmarkSchema, type Bookmark } from '@bioscope/playback/contract';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { arrangeShelf, availabilityAt, refreshAfterMs, watchedShare } from './shelf.ts';

const title = (id: string, more: Partial<Title> = {}): Title =>
  Object.assign(create(TitleSchema, { id, state: TitleState.PLAYABLE, editionId: 'e' }), more);
const bookmark = (titleId: string, positionMs: number, durationMs = 100_000): Bookmark =>
  create(BookmarkSchema, { titleId, positionMs, durationMs });

describe('the home page', () => {
  it('separates films that can be watched from those in preparation', () => {
    const shelf = arrangeShelf(
      [title('a'), title('b', { state: TitleState.PREPARING, editionId: '' }), title('c', { state: TitleState.FAILED, editionId: '' })],
      [],
    );
    assert.deepEqual(
      shelf.films.map((film) => film.id),
      ['a'],
    );
    assert.deepEqual(
      shelf.preparing.map((film) => film.id),
      ['b', 'c'],
    );
  });

  it('puts the sharpest film with a picture on the billboard, whatever its age', () => {
    const sharpNoPicture = title('a', { rungHeights: [2160], createdAtMs: 9 });
    const soft = title('b', { rungHeights: [720], backdropPath: '/artwork/b', createdAtMs: 8 });
    const sharp = title('c', { rungHeights: [240, 1080], backdropPath: '/artwork/c', createdAtMs: 1 });
    assert.equal(arrangeShelf([sharpNoPicture, soft, sharp], []).billboard?.id, 'c');
  });

  it('has no billboard while nothing can be watched', () => {
    assert.equal(arrangeShelf([title('b', { state: TitleState.PREPARING, editionId: '' })], []).billboard, undefined);
  });

  it('continues what was begun, in the order of the bookmarks, without films that are gone', () => {
    const shelf = arrangeShelf([title('a'), title('b')], [bookmark('b', 5_000), bookmark('gone', 5_000), bookmark('a', 1_000)]);
    assert.deepEqual(
      shelf.continueWatching.map((entry) => entry.title.id),
      ['b', 'a'],
    );
  });

  it('does not continue a film that would start from the beginning anyway', () => {
    assert.deepEqual(arrangeShelf([title('a')], [bookmark('a', 0)]).continueWatching, []);
  });
});

describe('a bookmark', () => {
  it('shows how much was watched, never more than all', () => {
    assert.deepEqual([bookmark('a', 25_000), bookmark('a', 999_000), bookmark('a', 5, 0)].map(watchedShare), [0.25, 1, 0]);
  });
});

describe('availability', () => {
  it('has no bounds where they are zero', () => {
    assert.deepEqual(availabilityAt(title('a'), 5), { kind: 'now' });
  });
  it('begins at its first and ends before its last millisecond', () => {
    const bounded = title('a', { availableFromMs: 10, availableUntilMs: 20 });
    assert.deepEqual(
      [9, 10, 19, 20].map((nowMs) => availabilityAt(bounded, nowMs).kind),
      ['later', 'now', 'now', 'over'],
    );
  });
});

describe('the list is asked for again', () => {
  it('within seconds while a film is being prepared or made sharper', () => {
    assert.equal(refreshAfterMs([title('a', { prepared: 0.5, state: TitleState.PLAYABLE, editionId: 'e' })]), 2_000);
  });
  it('at leisure when all is done or given up', () => {
    assert.equal(refreshAfterMs([title('a', { prepared: 1 }), title('b', { state: TitleState.FAILED, prepared: 0.2 })]), 60_000);
  });
});
