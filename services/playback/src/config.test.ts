import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { readConfig } from './config.ts';

describe('the settings of playback', () => {
  it('work on a laptop without any', () => {
    assert.deepEqual(readConfig({}), {
      publicUrl: 'http://play.localhost:8080',
      tokenLifeMs: 600_000,
      hasMembers: true,
      release: 'unknown',
      heartbeatEveryMs: 30_000,
    });
  });

  it('leave four heartbeats to the life of a token', () => {
    assert.deepEqual(readConfig({ BIOSCOPE_SEGMENT_TOKEN_SECONDS: '20', BIOSCOPE_PORT: '80', BIOSCOPE_HOST: 'films.example' }), {
      publicUrl: 'http://play.films.example',
      tokenLifeMs: 20_000,
      hasMembers: true,
      release: 'unknown',
      heartbeatEveryMs: 5_000,
    });
  });

  it('complain about everything that is wrong at once', () => {
    assert.throws(
      () => readConfig({ BIOSCOPE_SEGMENT_TOKEN_SECONDS: 'long', BIOSCOPE_PORT: '99999', BIOSCOPE_HOST: 'a b' }),
      /BIOSCOPE_PORT is "99999".*BIOSCOPE_SEGMENT_TOKEN_SECONDS is "long".*BIOSCOPE_HOST is "a b"/,
    );
  });
});
