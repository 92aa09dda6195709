import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { EditionSchema } from '@bioscope/catalog/contract';
import { linesOf, withinHeight } from './within-height.ts';

const editionOf = (...sizes: readonly (readonly [number, number])[]) =>
  create(EditionSchema, { video: sizes.map(([width, height]) => ({ rung: `${height}`, width, height })) });
const heightsIn = (edition: ReturnType<typeof editionOf>) => edition.video.map(({ height }) => height);

describe('rungs within a plan’s resolution', () => {
  it('are those up to it, whatever the shape of the picture', () => {
    const wide = editionOf([640, 268], [1280, 534], [1920, 800]);
    assert.deepEqual(heightsIn(withinHeight(wide, 720)), [268, 534]);
    assert.deepEqual(heightsIn(withinHeight(wide, 1080)), [268, 534, 800]);
    const upright = editionOf([360, 640], [720, 1280], [1080, 1920]);
    assert.deepEqual(heightsIn(withinHeight(upright, 720)), [640, 1280]);
    assert.deepEqual(
      [1920, 1440].map((width) => linesOf({ width, height: 1080 })),
      [1080, 1080],
    );
  });

  it('hold the lowest even when that is above it, and all where there is no bound', () => {
    const film = editionOf([1280, 720], [1920, 1080]);
    assert.deepEqual(heightsIn(withinHeight(film, 480)), [720]);
    assert.equal(withinHeight(film, 0), film);
    assert.equal(withinHeight(film, 2160), film);
  });
});
