import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { PackagedTrack } from './package-track.ts';
import { proveGrid } from './prove-grid.ts';

const common = { codecs: 'x', initBytes: 1, indexBytes: 1, bandwidth: 1, averageBandwidth: 1, bytes: 1, sha256: '' };

function rung(height: number, segmentDurations: number[], timescale = 24_000): PackagedTrack {
  const ticks = segmentDurations.reduce((sum, duration) => sum + duration, 0);
  return {
    ...common,
    kind: 'video',
    timescale,
    segmentDurations,
    segmentBytes: segmentDurations.map(() => 1),
    samples: (ticks * 24) / timescale,
    durationMs: (ticks * 1000) / timescale,
    width: height * 2,
    height,
    frameRateNumerator: 24,
    frameRateDenominator: 1,
  };
}

function sound(frames: number[]): PackagedTrack {
  const samples = frames.reduce((sum, count) => sum + count, 0);
  const segmentDurations = frames.map((count) => count * 1024);
  const durationMs = (samples * 1024) / 48;
  return {
    ...common,
    kind: 'audio',
    timescale: 48_000,
    segmentDurations,
    segmentBytes: frames,
    samples,
    durationMs,
    channels: 2,
    sampleRate: 48_000,
  };
}

describe('the proof of one segment grid', () => {
  it('passes rungs with the same cuts, also in another timescale, and tells the worst skew of the sound', () => {
    const proof = proveGrid([rung(240, [96_000, 96_000, 48_000]), rung(720, [192_000, 192_000, 96_000], 48_000), sound([187, 188, 94])]);
    assert.equal(proof.segments, 3);
    assert.ok(Math.abs(proof.audioSkewMsMax - 10.667) < 0.001, String(proof.audioSkewMsMax));
  });

  it('finds a rung with another cut, or with another number of segments', () => {
    assert.throws(
      () => proveGrid([rung(240, [96_000, 96_000]), rung(720, [95_000, 97_000])]),
      /segment 1 of the 720-line rung lasts longer or shorter/,
    );
    assert.throws(() => proveGrid([rung(240, [96_000, 96_000]), rung(720, [96_000])]), /has 1 segments, the 240-line rung has 2/);
  });

  it('finds a sound that is more than one of its frames off', () => {
    assert.throws(() => proveGrid([rung(240, [96_000, 96_000]), sound([189, 186])]), /ends 32.0 ms from that of its picture/);
    assert.throws(() => proveGrid([rung(240, [96_000]), sound([187, 10])]), /a sound has 2 segments, its picture 1/);
  });

  it('lets a sound end early, but no edition be without a picture', () => {
    assert.equal(proveGrid([rung(240, [96_000, 96_000]), sound([187])]).segments, 2);
    assert.throws(() => proveGrid([sound([187])]), /without a picture/);
  });
});
