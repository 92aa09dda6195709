import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { filmBytes, filmEdition } from '../../../test/film.ts';
import { segmentIndexBytes, trackFile, writeSegmentIndex } from './segment-index.ts';

describe('an index outside of its track file', () => {
  it('says what the index inside says, but for where the first segment begins', () => {
    for (const name of ['90p', '180p', 'audio-1']) {
      const track = trackFile(filmEdition(), name);
      assert.ok(track !== null);
      const index = writeSegmentIndex(track);
      assert.equal(index.length, segmentIndexBytes(track));
      const first = index.readUInt32BE(24);
      assert.equal(
        filmBytes(track.file)
          .subarray(first + 4, first + 8)
          .toString(),
        'moof',
      );
      const inside = Buffer.from(filmBytes(track.file).subarray(track.initBytes, track.initBytes + track.indexBytes));
      inside.writeUInt32BE(first, 24);
      assert.deepEqual(index, inside);
    }
  });

  it('is there for tracks only', () => {
    assert.equal(trackFile(filmEdition(), 'text-1'), null);
  });
});
