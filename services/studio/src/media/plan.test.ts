import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import * as fc from 'fast-check';

import type { Inspection } from './inspection.ts';
import { frameUs, planEncode } from './plan.ts';
import { framesPerSecond, STANDARD_RATES } from './rates.ts';

const seed = Number(process.env['BIOSCOPE_TEST_SEED'] ?? Date.now() % 2 ** 31);
const numRuns = process.env['BIOSCOPE_TEST_ALL'] === '1' ? 5000 : 300;

function inspection(film: Omit<Partial<Inspection>, 'video'> & { readonly video?: Partial<Inspection['video']> } = {}): Inspection {
  return {
    container: 'mov',
    bytes: 1_000_000,
    durationMs: 30_000,
    audio: [],
    text: [],
    warnings: [],
    ...film,
    video: {
      stream: 0,
      codec: 'h264',
      codedWidth: 1920,
      codedHeight: 1080,
      width: 1920,
      height: 1080,
      rotation: 0,
      pixelFormat: 'yuv420p',
      bitDepth: 8,
      interlaced: false,
      colour: { range: 'limited', matrix: null, primaries: null, transfer: null, dynamicRange: 'standard' },
      cadence: { kind: 'constant', rate: { numerator: 24, denominator: 1 } },
      timeBase: { numerator: 1, denominator: 12_288 },
      startTicks: 0,
      keyFramesUs: [0],
      ...film.video,
    },
  };
}

const sound = (more: Partial<Inspection['audio'][number]>): Inspection['audio'][number] => ({
  stream: 1,
  codec: 'aac',
  channels: 2,
  sampleRate: 48_000,
  language: 'und',
  title: '',
  isDefault: false,
  startMs: 0,
  endMs: 30_000,
  ...more,
});

describe('an encode plan', () => {
  it('has the whole ladder for a 1080p film, the two smallest rungs first', () => {
    const plan = planEncode(inspection());
    assert.deepEqual(
      plan.rungs.map(({ name, width, height, level }) => `${name} ${width}x${height} ${level}`),
      ['240p 426x240 2.1', '360p 640x360 3.0', '540p 960x540 3.1', '720p 1280x720 3.1', '1080p 1920x1080 4.0'],
    );
    assert.deepEqual(plan.groups, [
      { name: 'low', rungs: ['240p', '360p'] },
      { name: 'high', rungs: ['540p', '720p', '1080p'] },
    ]);
    assert.deepEqual([plan.frames, plan.gopFrames, plan.framesPerSegment, plan.segments], [720, 48, 96, 8]);
  });

  it('names a wide film by what it fits into, and a portrait one by its short side', () => {
    assert.equal(planEncode(inspection({ video: { width: 1920, height: 804 } })).rungs.at(-1)?.name, '1080p');
    const portrait = planEncode(inspection({ video: { width: 1080, height: 1920 } })).rungs;
    assert.deepEqual([portrait.at(-1)?.name, portrait.at(-1)?.width], ['1080p', 1080]);
    assert.deepEqual([portrait[0]?.name, portrait[0]?.width, portrait[0]?.height], ['240p', 240, 426]);
  });

  it('stops at 2160p', () => {
    const top = planEncode(inspection({ video: { width: 7680, height: 4320 } })).rungs.at(-1);
    assert.deepEqual([top?.name, top?.width, top?.height], ['2160p', 3840, 2160]);
  });

  it('keeps surround beside stereo, labels sound in its own language, and has exactly one main sound', () => {
    const { audio } = planEncode(
      inspection({
        audio: [sound({ channels: 6, language: 'de' }), sound({ stream: 2, language: 'fr', isDefault: true }), sound({ stream: 3 })],
      }),
    );
    assert.deepEqual(
      audio.map(({ id, label, channels, main }) => [id, label, channels, main]),
      [
        ['audio-1', 'Deutsch', 2, false],
        ['audio-1-surround', 'Deutsch 5.1', 6, false],
        ['audio-2', 'français', 2, true],
        ['audio-3', 'Audio 3', 2, false],
      ],
    );
  });

  it('holds its promises for any film', () => {
    const film = fc.record({
      width: fc.integer({ min: 16, max: 8192 }),
      height: fc.integer({ min: 16, max: 4320 }),
      rate: fc.constantFrom(...STANDARD_RATES),
      durationMs: fc.integer({ min: 1, max: 12 * 3600_000 }),
      chunkSeconds: fc.integer({ min: 1, max: 600 }),
      interlaced: fc.boolean(),
      keyEveryUs: fc.integer({ min: 1_000_000, max: 30_000_000 }),
    });
    fc.assert(
      fc.property(film, ({ width, height, rate, durationMs, chunkSeconds, interlaced, keyEveryUs }) => {
        const keyFramesUs = Array.from(
          { length: Math.min(2000, Math.ceil((durationMs * 1000) / keyEveryUs)) },
          (_, index) => index * keyEveryUs,
        );
        const source = inspection({ durationMs, video: { width, height, interlaced, keyFramesUs, cadence: { kind: 'constant', rate } } });
        const plan = planEncode(source, { chunkSeconds });
        // The ladder: even, inside the source, ascending, every rung in one group, smallest first.
        for (const rung of plan.rungs) {
          assert.ok(rung.width % 2 === 0 && rung.height % 2 === 0 && rung.width >= 16 && rung.height >= 16);
          assert.ok(rung.width <= width && rung.height <= height);
        }
        for (const [index, rung] of plan.rungs.slice(1).entries()) {
          const below = plan.rungs[index];
          assert.ok(below !== undefined && below.width <= rung.width && below.height <= rung.height && below.maxKbps <= rung.maxKbps);
        }
        assert.deepEqual(
          plan.groups.flatMap(({ rungs }) => rungs),
          plan.rungs.map(({ name }) => name),
        );
        assert.equal(new Set(plan.rungs.map(({ name }) => name)).size, plan.rungs.length);
        // The grid: whole ticks for a frame, whole microseconds for a segment, chunks that cover every frame once on segment bounds.
        assert.ok(Number.isInteger((plan.timescale * rate.denominator) / rate.numerator));
        assert.ok(Math.abs(plan.gopFrames / framesPerSecond(rate) - 2) < 0.01);
        assert.ok(Number.isInteger((plan.framesPerSegment * rate.denominator * 1e6) / rate.numerator));
        let next = 0;
        for (const chunk of plan.chunks) {
          assert.equal(chunk.firstFrame, next);
          assert.equal(chunk.firstFrame % plan.framesPerSegment, 0);
          assert.ok(chunk.frames > 0);
          if (chunk.seekUs !== null) assert.ok(chunk.seekUs <= frameUs(chunk.firstFrame, rate));
          next += chunk.frames;
        }
        assert.equal(next, plan.frames);
        assert.ok(Math.abs(plan.frames / framesPerSecond(rate) - durationMs / 1000) <= 1 / framesPerSecond(rate));
        assert.ok(plan.storyboard.thumbnails >= 1 && plan.storyboard.thumbnails <= 1000);
      }),
      { seed, numRuns },
    );
  });
});
