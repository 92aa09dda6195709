import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';

import { framesPerSecond } from '../../src/media/rates.ts';
import { smallEdition } from './edition.ts';
import { decode, ffmpeg } from './numbered-film.ts';

const ALL = process.env['BIOSCOPE_TEST_ALL'] === '1';
const missing = spawnSync('ffmpeg', ['-version']).status === 0 ? false : 'ffmpeg is not installed';

/** Black and silent, but for one white frame and one beep, both at 1.2 s, and again at 5.2 s (in another segment). */
const FLASHES = [1.2, 5.2] as const;
const at = (time: string): string => FLASHES.map((start) => `between(${time},${start - 0.001},${start + 0.039})`).join('+');
const PICTURE = ['-f', 'lavfi', '-i', `color=black:s=160x64:r=25:d=7,geq=lum='if(${at('T')},235,16)':cb=128:cr=128`] as const;
const SOUND = ['-f', 'lavfi', '-i', `aevalsrc='0.8*sin(2*PI*1000*t)*(${at('t')})':s=48000:d=7`] as const;
const VIDEO = ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '40', '-bf', '3', '-pix_fmt', 'yuv420p'] as const;

type Source = { readonly name: string; readonly args: readonly string[]; readonly everyday?: boolean };
const SOURCES: readonly Source[] = [
  { name: 'film.mp4', args: [...PICTURE, ...SOUND, ...VIDEO, '-c:a', 'aac'], everyday: true },
  { name: 'broadcast.ts', args: [...PICTURE, ...SOUND, ...VIDEO, '-c:a', 'mp2'], everyday: true },
  { name: 'film.mkv', args: [...PICTURE, ...SOUND, ...VIDEO, '-c:a', 'libopus'] },
  { name: 'old.avi', args: [...PICTURE, ...SOUND, '-c:v', 'mpeg4', '-q:v', '3', '-c:a', 'pcm_s16le'] },
  { name: 'sound at 44,100.mov', args: [...PICTURE, ...SOUND, ...VIDEO, '-c:a', 'pcm_s16le', '-ar', '44100'] },
];

describe('sound', { skip: missing }, () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(os.tmpdir(), 'bioscope-sync-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  for (const { name, args } of SOURCES.filter(({ everyday }) => ALL || everyday === true))
    it(`stays with the picture within half a frame, and lasts as long: ${name}`, async () => {
      const source = join(folder, name);
      await ffmpeg(...args, '-t', '7', source);
      const { plan, video, audio } = await smallEdition(source, join(folder, `${name}-edition`), { chunkSeconds: 4 });
      const frames = await decode(video, ['-fps_mode', 'passthrough', '-vf', 'scale=1:1:flags=area,format=gray', '-f', 'rawvideo']);
      const samples = await decode(audio[0] ?? '', ['-ac', '1', '-f', 's16le']);
      for (const flash of FLASHES) {
        const frame = frames.indexOf(frames.findLast((value) => value > 125) ?? 255, Math.round((flash - 0.5) * 25));
        const seen = frame / framesPerSecond(plan.frameRate);
        const heard = firstLoud(samples, flash - 0.5) / 48_000;
        assert.ok(Math.abs(seen - flash) < 0.001, `flash of ${flash} s seen at ${seen} s`);
        assert.ok(Math.abs(heard - flash) < 0.02, `beep of ${flash} s heard at ${heard} s`);
      }
      assert.ok(
        Math.abs(samples.length / 2 / 48_000 - plan.durationMs / 1000) < 0.03,
        `${samples.length / 2} samples for ${plan.durationMs} ms`,
      );
    });
});

function firstLoud(samples: Buffer, fromSeconds: number): number {
  for (let sample = Math.round(fromSeconds * 48_000); sample < samples.length / 2; sample += 1)
    if (Math.abs(samples.readInt16LE(sample * 2)) > 6000) return sample;
  return Number.NaN;
}
