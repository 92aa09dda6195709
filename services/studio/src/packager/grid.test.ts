import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import type { Sample } from './fragment.ts';
import { segmentTable, type SegmentGrid, type SegmentShape } from './grid.ts';
import type { TrackHeader } from './track-header.ts';

const RATES = [
  { numerator: 24_000, denominator: 1001, timescale: 24_000 },
  { numerator: 25, denominator: 1, timescale: 25_000 },
  { numerator: 60_000, denominator: 1001, timescale: 60_000 },
  { numerator: 15, denominator: 2, timescale: 7500 },
] as const;

const defaults = { duration: 0, bytes: 0, flags: 0 };
const picture = (timescale: number): TrackHeader => ({
  kind: 'video',
  trackId: 1,
  timescale,
  codecs: 'avc1',
  defaults,
  width: 2,
  height: 2,
});
const sound = (sampleRate: number): TrackHeader => ({
  kind: 'audio',
  trackId: 1,
  timescale: sampleRate,
  codecs: 'mp4a',
  defaults,
  channels: 2,
  sampleRate,
});
const sample = (duration: number, bytes = 10): Sample => ({ offset: 0, bytes, duration, compositionOffset: 0, flags: 0x0200_0000 });

function cut(header: TrackHeader, grid: SegmentGrid, samples: Iterable<Sample>): readonly SegmentShape[] {
  const table = segmentTable(header, grid);
  for (const one of samples) table.add(one);
  return table.finish();
}

function repeat(count: number, one: Sample): Sample[] {
  return Array.from({ length: count }, () => one);
}

const film = fc.record({
  rate: fc.constantFrom(...RATES),
  framesPerSegment: fc.integer({ min: 1, max: 120 }),
  frames: fc.integer({ min: 1, max: 1500 }),
  sampleRate: fc.constantFrom(44_100, 48_000),
});

describe('the segments of a picture', () => {
  it('hold every frame once, are whole but for the last, and the last is at least half', () => {
    fc.assert(
      fc.property(film, ({ rate, framesPerSegment, frames }) => {
        const ticks = (rate.timescale * rate.denominator) / rate.numerator;
        const segments = cut(picture(rate.timescale), { frameRate: rate, framesPerSegment, frames }, repeat(frames, sample(ticks)));
        assert.equal(
          segments.reduce((sum, segment) => sum + segment.samples, 0),
          frames,
        );
        assert.equal(
          segments.reduce((sum, segment) => sum + segment.duration, 0),
          frames * ticks,
        );
        for (const segment of segments.slice(0, -1)) assert.equal(segment.samples, framesPerSegment);
        const last = segments.at(-1);
        assert.ok(last !== undefined && last.samples < 1.5 * framesPerSegment);
        assert.ok(segments.length === 1 || last.samples >= framesPerSegment / 2);
      }),
    );
  });
});

describe('the segments of a sound', () => {
  it('are as many as those of its picture, each cut at the nearest frame, and none of it is lost', () => {
    fc.assert(
      fc.property(film, ({ rate, framesPerSegment, frames, sampleRate }) => {
        const grid = { frameRate: rate, framesPerSegment, frames };
        const ticks = (rate.timescale * rate.denominator) / rate.numerator;
        const pictures = cut(picture(rate.timescale), grid, repeat(frames, sample(ticks)));
        const seconds = (frames * rate.denominator) / rate.numerator;
        const soundFrames = Math.max(1, Math.ceil((seconds * sampleRate) / 1024));
        const sounds = cut(sound(sampleRate), grid, repeat(soundFrames, sample(1024)));
        assert.equal(
          sounds.reduce((sum, segment) => sum + segment.samples, 0),
          soundFrames,
        );
        assert.ok(sounds.length <= pictures.length);
        // Segments shorter than a few sound frames cannot all be had; longer ones must.
        if ((framesPerSegment * rate.denominator) / rate.numerator > 0.1) assert.equal(sounds.length, pictures.length);
        let pictureSeconds = 0;
        let soundSeconds = 0;
        for (const [index, segment] of sounds.slice(0, -1).entries()) {
          pictureSeconds += (pictures[index]?.duration ?? 0) / rate.timescale;
          soundSeconds += segment.duration / sampleRate;
          assert.ok(Math.abs(pictureSeconds - soundSeconds) <= 1024 / 2 / sampleRate + 1 / sampleRate || framesPerSegment < 4);
        }
      }),
    );
  });
});

describe('a grid', () => {
  it('must be made of whole numbers that fit the timescale', () => {
    const header = picture(24_000);
    const rate = { numerator: 25, denominator: 1 };
    assert.throws(() => segmentTable(header, { frameRate: rate, framesPerSegment: 0 }), /framesPerSegment is 0/);
    assert.throws(() => segmentTable(header, { frameRate: rate, framesPerSegment: 10, frames: 1.5 }), /frames is 1.5/);
    assert.throws(() => segmentTable(picture(24_001), { frameRate: rate, framesPerSegment: 10 }), /a frame lasts 960.04 ticks/);
  });
});
