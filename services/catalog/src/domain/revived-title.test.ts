import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { revivedTitle } from './revived-title.ts';
import { foldTitle, type TitleEvent, type TitleRecord } from './title.ts';

const DESCRIPTION = { name: 'N', synopsis: 'S', year: 1999, credit: 'C', licence: 'L', sourceUrl: '' };

describe('titles of an older release', () => {
  // As they lie in its streams and on its shelf.
  const events = [
    { type: 'title.created', atMs: 5, ...DESCRIPTION },
    { type: 'edition.published', editionId: 'ed', complete: true, durationMs: 8, rungHeights: [240] },
    { type: 'availability.set', fromMs: 10, untilMs: 20 },
  ] as const satisfies readonly TitleEvent[];
  const shelved = {
    ...DESCRIPTION,
    id: 'film',
    version: 3,
    createdAtMs: 5,
    editions: [{ editionId: 'ed', complete: true, durationMs: 8, rungHeights: [240] }],
    failure: '',
    poster: '',
    backdrop: '',
    availableFromMs: 10,
    availableUntilMs: 20,
    removed: false,
  };

  it('are the same from the shelf as from their events', () => {
    const folded = events.reduce<TitleRecord | null>((record, event) => foldTitle('film', record, event), null);
    assert.deepEqual(revivedTitle(shelved), folded);
    assert.partialDeepStrictEqual(folded, { kind: 'movie', windows: [{ country: '*', fromMs: 10, untilMs: 20 }] });
  });

  it('without bounds are offered everywhere', () => {
    assert.equal(revivedTitle({ ...shelved, availableFromMs: 0, availableUntilMs: 0 }).windows, null);
  });

  it('of this release are left as they are', () => {
    const record = revivedTitle(shelved);
    const placed = foldTitle('film', record, { type: 'title.placed', place: { kind: 'episode', parentId: 's', number: 2 } });
    assert.deepEqual(revivedTitle(JSON.parse(JSON.stringify(placed))), placed);
  });
});
