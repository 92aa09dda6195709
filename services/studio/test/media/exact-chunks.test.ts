import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { framesPerSecond } from '../../src/media/rates.ts';
import { smallEdition } from './edition.ts';
import { ffmpeg, numbered, readNumbers } from './numbered-film.ts';

const ALL = process.env['BIOSCOPE_TEST_ALL'] === '1';
const missing = spawnSync('ffmpeg', ['-version']).status === 0 ? false : 'ffmpeg is not installed';
const SECONDS = ALL ? 23 : 10;

const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p'] as const;
/** Key frames that never fall on a chunk's start, frames in another order than shown, groups that lean on their neighbours. */
const AWKWARD = [...X264, '-g', '37', '-keyint_min', '37', '-bf', '3', '-x264-params', 'open-gop=1:b-pyramid=normal'] as const;

type Source = { readonly name: string; readonly args: readonly string[]; readonly everyday?: boolean };
const STEADY: readonly Source[] = [
  { name: 'steady.mp4', args: [...numbered(SECONDS, '25'), ...AWKWARD], everyday: true },
  { name: 'ntsc film.mkv', args: [...numbered(SECONDS, '24000/1001'), ...AWKWARD], everyday: true },
  { name: 'ntsc video.mp4', args: [...numbered(SECONDS, '30000/1001'), ...AWKWARD] },
  { name: 'sixty.mkv', args: [...numbered(SECONDS, '60000/1001'), ...AWKWARD] },
  { name: 'broadcast.ts', args: [...numbered(SECONDS, '25'), ...AWKWARD, '-output_ts_offset', '1234.567'], everyday: true },
  { name: 'disc.vob', args: [...numbered(SECONDS, '25'), '-c:v', 'mpeg2video', '-q:v', '3', '-g', '15', '-bf', '2', '-f', 'vob'] },
  { name: 'old.avi', args: [...numbered(SECONDS, '25'), '-c:v', 'mpeg4', '-q:v', '3', '-g', '40'] },
  { name: 'reordered.avi', args: [...numbered(SECONDS, '25'), ...AWKWARD] },
  { name: 'begins late.mp4', args: [...numbered(SECONDS, '25'), ...AWKWARD, '-output_ts_offset', '0.7'] },
];

describe('chunks', { skip: missing }, () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(os.tmpdir(), 'bioscope-chunks-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const { name, args } of STEADY.filter(({ everyday }) => ALL || everyday === true))
    it(`join to every frame of the film, once and in order: ${name}`, async () => {
      const source = join(folder, name);
      await ffmpeg(...args, source);
      const { plan, video } = await smallEdition(source, join(folder, `${name}-chunks`), { chunkSeconds: 4 });
      assert.ok(plan.chunks.length > 2);
      const expected = Array.from({ length: plan.frames }, (_, index) => index % 256);
      assert.equal(plan.frames, Math.ceil(SECONDS * framesPerSecond(plan.frameRate)));
      assert.deepEqual(await readNumbers(video), expected);
    });

  it('of a film with changing intervals choose the same frames as one pass does, each in its place', async () => {
    const source = join(folder, 'changing.mkv');
    // Out of 30 frames a second: all of the first 2 s, then every third, then a still of 1.7 s, then at random.
    const kept = 'lt(n,60)+between(n,60,150)*not(mod(n,3))+gt(n,201)*gt(random(1),0.4)';
    await ffmpeg(...numbered(SECONDS, '30', [`select='${kept}'`]), '-fps_mode', 'vfr', ...AWKWARD, source);
    const chunked = await smallEdition(source, join(folder, 'changing-chunks'), { chunkSeconds: 4 });
    const whole = await smallEdition(source, join(folder, 'changing-whole'), { chunkSeconds: 3600 });
    assert.ok(chunked.plan.chunks.length > 2);
    assert.equal(whole.plan.chunks.length, 1);
    const shown = await readNumbers(chunked.video);
    assert.deepEqual(shown, await readNumbers(whole.video));
    assert.equal(shown.length, chunked.plan.frames);
    // At 30 frames a second the number is the time: a kept frame is shown at its own, and until the next.
    assert.equal(framesPerSecond(chunked.plan.frameRate), 30);
    assert.deepEqual(shown.slice(0, 66), [...Array.from({ length: 60 }, (_, index) => index), 60, 60, 60, 63, 63, 63]);
    assert.deepEqual(new Set(shown.slice(151, 201)), new Set([150]));
    assert.ok(
      shown.every((number, index) => (((index - number) % 256) + 256) % 256 < 60),
      'no frame is shown before its time',
    );
  });
});
