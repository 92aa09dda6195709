import * as fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sheetsOf, thumbnailAt, type StoryboardLayout } from './storyboard.ts';

const LAYOUT: StoryboardLayout = { columns: 5, rows: 5, thumbnailWidth: 160, thumbnailHeight: 90, everyMs: 4_000, thumbnails: 60 };

describe('the storyboard', () => {
  it('finds the thumbnail of a position, row by row', () => {
    assert.deepEqual(thumbnailAt(LAYOUT, 0), { sheet: 0, x: 0, y: 0 });
    assert.deepEqual(thumbnailAt(LAYOUT, 3_999), { sheet: 0, x: 0, y: 0 });
    assert.deepEqual(thumbnailAt(LAYOUT, 4_000), { sheet: 0, x: 160, y: 0 });
    assert.deepEqual(thumbnailAt(LAYOUT, 24_000), { sheet: 0, x: 160, y: 90 });
  });
  it('goes on with the next sheet when one is full', () => {
    assert.deepEqual(thumbnailAt(LAYOUT, 100_000), { sheet: 1, x: 0, y: 0 });
    assert.equal(sheetsOf(LAYOUT), 3);
  });
  it('shows the last thumbnail at and after the end, the first before the beginning', () => {
    assert.deepEqual(thumbnailAt(LAYOUT, 1e9), thumbnailAt(LAYOUT, 59 * 4_000));
    assert.deepEqual(thumbnailAt(LAYOUT, -1), thumbnailAt(LAYOUT, 0));
  });
  it('has no thumbnail when the film has no storyboard', () => {
    assert.equal(thumbnailAt({ ...LAYOUT, thumbnails: 0 }, 0), undefined);
    assert.equal(thumbnailAt({ ...LAYOUT, everyMs: 0 }, 0), undefined);
    assert.equal(thumbnailAt({ ...LAYOUT, columns: 0 }, 0), undefined);
  });
  it('never points outside its sheets', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 500 }),
        fc.double({ noNaN: true }),
        (columns, rows, thumbnails, at) => {
          const layout = { ...LAYOUT, columns, rows, thumbnails };
          const place = thumbnailAt(layout, at);
          assert.ok(place);
          assert.ok(place.sheet >= 0 && place.sheet < sheetsOf(layout));
          assert.ok(place.x >= 0 && place.x < columns * 160 && place.y >= 0 && place.y < rows * 90);
        },
      ),
    );
  });
});
