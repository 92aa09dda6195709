import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readConfig } from './config.ts';

describe('the settings of the studio', () => {
  it('have defaults for all but the state folder', () => {
    const config = readConfig({ BIOSCOPE_DATA: '/data' });
    assert.deepEqual(
      [config.folder, config.encodesMax, config.chunkSeconds, config.releaseAfterMs],
      ['/data/studio', 1, 60, 12 * 60 * 60_000],
    );
  });

  it('are complained about all at once', () => {
    assert.throws(
      () => readConfig({ BIOSCOPE_STUDIO_ENCODES: 'many', BIOSCOPE_STUDIO_CHUNK_SECONDS: '1' }),
      /BIOSCOPE_DATA.*ENCODES must be a number from 1 to 64, not "many".*CHUNK_SECONDS/,
    );
  });
});
