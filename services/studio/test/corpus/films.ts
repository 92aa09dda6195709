import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { H264, MOVING, SOUND } from './lab.ts';
import type { Accepted, Specimen } from './specimen.ts';

const AAC = ['-c:a', 'aac'] as const;
const ok = (check?: Accepted['check']): Accepted => (check === undefined ? { kind: 'accepted' } : { kind: 'accepted', check });

/** A film made of the test picture and the tone by these arguments. */
function film(name: string, args: readonly string[], outcome: Accepted = ok(), everyday = false): Specimen {
  return { name, everyday, outcome, make: (lab, path) => lab.ffmpeg(...MOVING, ...SOUND, '-t', '2', ...args, path) };
}

/** A film that keeps the plain film's streams as they are. */
function rewrapped(name: string, args: readonly string[], outcome: Accepted = ok()): Specimen {
  return { name, outcome, make: async (lab, path) => lab.ffmpeg('-i', await lab.plainFilm(), '-c', 'copy', ...args, path) };
}

const HDR = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p10le', ...AAC] as const;

/** Odd but honest films: each must end as an edition. */
export const FILMS: readonly Specimen[] = [
  film(
    'plain.mp4',
    [...H264, ...AAC],
    ok(({ inspection, plan }) => {
      assert.deepEqual(inspection.warnings, []);
      assert.equal(inspection.durationMs, 2000);
      assert.deepEqual(plan.frameRate, { numerator: 25, denominator: 1 });
      assert.equal(plan.frames, 50);
    }),
    true,
  ),
  {
    name: 'odd size.mkv',
    everyday: true,
    make: (lab, path) => lab.ffmpeg('-f', 'lavfi', '-i', 'testsrc2=r=25:d=1', '-vf', 'scale=161:121', '-c:v', 'ffv1', path),
    outcome: ok(({ inspection, plan }) => {
      assert.equal(inspection.video.width, 161);
      assert.deepEqual(
        plan.rungs.map(({ width, height }) => [width, height]),
        [[160, 120]],
      );
    }),
  },
  rewrapped(
    'turned by 90.mp4',
    ['-metadata:s:v', 'rotate=90'],
    ok(({ inspection, plan }) => {
      assert.ok([90, 270].includes(inspection.video.rotation));
      assert.deepEqual([plan.rungs[0]?.width, plan.rungs[0]?.height], [120, 160]);
    }),
  ),
  rewrapped(
    'turned by 180.mov',
    ['-metadata:s:v', 'rotate=180'],
    ok(({ inspection }) => assert.equal(inspection.video.rotation, 180)),
  ),
  film(
    'variable frame rate.mp4',
    ['-vf', "select='lt(n,20)+not(mod(n,3))+eq(n,41)'", '-fps_mode', 'vfr', ...H264, ...AAC],
    ok(({ inspection }) => assert.equal(inspection.video.cadence.kind, 'variable')),
    true,
  ),
  film(
    'ntsc in milliseconds.mkv',
    ['-vf', 'fps=30000/1001', ...H264, '-c:a', 'flac'],
    ok(({ inspection }) =>
      assert.deepEqual(inspection.video.cadence, { kind: 'constant', rate: { numerator: 30_000, denominator: 1001 } }),
    ),
  ),
  film(
    'interlaced.ts',
    ['-vf', 'tinterlace=interleave_top', '-c:v', 'mpeg2video', '-q:v', '3', '-flags', '+ilme+ildct', '-c:a', 'mp2'],
    ok(({ inspection }) => assert.equal(inspection.video.interlaced, true)),
    true,
  ),
  film(
    'flagged interlaced but progressive.ts',
    ['-vf', 'gblur=sigma=6', '-c:v', 'mpeg2video', '-q:v', '3', '-flags', '+ilme+ildct', '-c:a', 'mp2'],
    ok(({ inspection }) => assert.equal(inspection.video.interlaced, false)),
  ),
  film(
    'ten bits without tags.mp4',
    HDR,
    ok(({ inspection }) => {
      assert.equal(inspection.video.bitDepth, 10);
      assert.ok(inspection.warnings.some(({ code }) => code === 'colour_unknown'));
    }),
  ),
  film(
    'hdr pq.mp4',
    ['-color_trc', 'smpte2084', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc', ...HDR],
    ok(({ inspection }) => assert.equal(inspection.video.colour.dynamicRange, 'pq')),
    true,
  ),
  film(
    'hdr hlg.mkv',
    ['-color_trc', 'arib-std-b67', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc', ...HDR],
    ok(({ inspection }) => assert.equal(inspection.video.colour.dynamicRange, 'hlg')),
  ),
  film(
    'hdr with the transfer function alone.mp4',
    ['-color_trc', 'smpte2084', ...HDR],
    ok(({ inspection }) => assert.equal(inspection.video.colour.primaries, null)),
  ),
  film('wide gamut in standard range.mp4', ['-color_trc', 'bt709', '-color_primaries', 'bt2020', '-colorspace', 'bt2020nc', ...HDR]),
  film('four four four.mp4', ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv444p', ...AAC]),
  film(
    'full range.mp4',
    ['-vf', 'scale=out_range=full', '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuvj420p', ...AAC],
    ok(({ inspection }) => assert.equal(inspection.video.colour.range, 'full')),
  ),
  film('grey.mkv', ['-c:v', 'ffv1', '-pix_fmt', 'gray', ...AAC]),
  film('with alpha.mov', ['-c:v', 'qtrle', '-pix_fmt', 'argb', '-c:a', 'pcm_s16le']),
  film('raw rgb.avi', ['-c:v', 'rawvideo', '-pix_fmt', 'bgr24', '-c:a', 'pcm_s16le']),
  film('png pictures.mov', ['-c:v', 'png', '-c:a', 'pcm_s16le']),
  film(
    'no sound.mp4',
    ['-map', '0', ...H264],
    ok(({ inspection, plan }) => {
      assert.deepEqual(plan.audio, []);
      assert.deepEqual(
        inspection.warnings.map(({ code }) => code),
        ['no_audio'],
      );
    }),
    true,
  ),
  film(
    'surround.mp4',
    [...H264, ...AAC, '-ac', '6'],
    ok(({ plan }) =>
      assert.deepEqual(
        plan.audio.map(({ channels }) => channels),
        [2, 6],
      ),
    ),
    true,
  ),
  film('mono.mp4', [...H264, ...AAC, '-ac', '1']),
  film(
    'sound at the start only.mp4',
    ['-af', 'atrim=end=0.5', ...H264, ...AAC],
    ok(({ inspection }) => assert.ok(inspection.warnings.some(({ code }) => code === 'audio_ends_early'))),
    true,
  ),
  {
    name: 'late sound.mkv',
    make: (lab, path) => lab.ffmpeg(...MOVING, '-itsoffset', '0.7', ...SOUND, '-t', '2', ...H264, ...AAC, path),
    outcome: ok(({ inspection }) => assert.ok(Math.abs((inspection.audio[0]?.startMs ?? 0) - 700) < 50)),
  },
  {
    name: 'sound runs on.mp4',
    make: (lab, path) =>
      lab.ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=160x120:r=25:d=1', '-f', 'lavfi', '-i', 'sine=d=4', ...H264, ...AAC, path),
    outcome: ok(({ inspection }) => {
      assert.equal(inspection.durationMs, 1000);
      assert.ok(inspection.warnings.some(({ code }) => code === 'audio_runs_on'));
    }),
  },
  {
    name: 'languages and subtitles.mkv',
    everyday: true,
    async make(lab, path) {
      const srt = join(lab.folder, 'words.srt');
      await writeFile(
        srt,
        '1\n00:00:00,200 --> 00:00:01,000\n<i>Hello</i> & <b>welcome</b>\n\n2\n00:00:01,100 --> 00:00:05,000\nGoodbye\n',
      );
      const map = ['-map', '0:v', '-map', '1:a', '-map', '1:a', '-map', '2:s', '-map', '2:s'];
      const tags = ['-metadata:s:a:0', 'language=ger', '-metadata:s:a:1', 'language=eng', '-metadata:s:a:1', 'title=Commentary'];
      const text = ['-c:s:0', 'srt', '-c:s:1', 'ass', '-metadata:s:s:0', 'language=fre', '-disposition:s:1', 'forced'];
      await lab.ffmpeg(...MOVING, ...SOUND, '-i', srt, ...map, '-t', '2', ...H264, ...AAC, ...tags, ...text, path);
    },
    outcome: ok(({ plan }) => {
      assert.deepEqual(
        plan.audio.map(({ language, label }) => [language, label]),
        [
          ['de', 'Deutsch'],
          ['en', 'Commentary'],
        ],
      );
      assert.deepEqual(
        plan.text.map(({ language, forced }) => [language, forced]),
        [
          ['fr', false],
          ['und', true],
        ],
      );
    }),
  },
  {
    name: 'timed text.mp4',
    async make(lab, path) {
      const srt = join(lab.folder, 'timed.srt');
      await writeFile(srt, '1\n00:00:00,500 --> 00:00:01,500\nHello\n');
      await lab.ffmpeg(...MOVING, ...SOUND, '-i', srt, '-t', '2', ...H264, ...AAC, '-c:s', 'mov_text', path);
    },
    outcome: ok(({ plan }) => assert.equal(plan.text.length, 1)),
  },
  film(
    'wide pixels.mp4',
    ['-vf', 'setsar=4/3', ...H264, ...AAC],
    ok(({ inspection }) => assert.equal(inspection.video.width, 213)),
  ),
  film(
    'one picture.mp4',
    ['-map', '0', '-frames:v', '1', ...H264],
    ok(({ plan }) => assert.equal(plan.frames, 1)),
    true,
  ),
  {
    name: 'sixteen by sixteen.mp4',
    make: (lab, path) => lab.ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=16x16:r=25:d=1', ...H264, path),
    outcome: ok(({ plan }) => assert.deepEqual([plan.rungs.length, plan.rungs[0]?.name], [1, '16p'])),
  },
  film('mpeg-4 with mp3.avi', ['-c:v', 'mpeg4', '-c:a', 'libmp3lame'], ok(), true),
  film('h.264 with reordering.avi', ['-c:v', 'libx264', '-preset', 'veryfast', '-c:a', 'libmp3lame']),
  film('motion jpeg.avi', ['-c:v', 'mjpeg', '-q:v', '5', '-c:a', 'pcm_s16le']),
  film(
    'broadcast.ts',
    [...H264, ...AAC],
    ok(({ inspection }) => assert.ok(inspection.video.startTicks > 0)),
  ),
  film('disc.vob', ['-c:v', 'mpeg2video', '-q:v', '4', '-c:a', 'mp2', '-f', 'vob']),
  film('vp8.webm', ['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus']),
  film('vp9.webm', ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'], ok()),
  film('hevc ten bits.mp4', [
    '-c:v',
    'libx265',
    '-preset',
    'ultrafast',
    '-x265-params',
    'log-level=none',
    '-pix_fmt',
    'yuv420p10le',
    ...AAC,
  ]),
  film('av1.mp4', ['-c:v', 'libsvtav1', '-preset', '12', ...AAC]),
  film('prores.mov', ['-c:v', 'prores_ks', '-profile:v', '0', '-c:a', 'pcm_s24le']),
  film('theora.ogv', ['-c:v', 'libtheora', '-q:v', '5', '-c:a', 'libvorbis']),
  film('flash.flv', ['-c:v', 'flv', '-c:a', 'libmp3lame', '-ar', '44100']),
  film('windows media.wmv', ['-c:v', 'wmv2', '-c:a', 'wmav2']),
  film('exchange format.mxf', ['-s', '720x576', '-c:v', 'mpeg2video', '-q:v', '4', '-c:a', 'pcm_s16le', '-ar', '48000']),
  film('fragmented.mp4', [...H264, ...AAC, '-movflags', '+frag_keyframe+empty_moov']),
  film(
    'hundred and twenty frames a second.mp4',
    ['-r', '120', ...H264, ...AAC],
    ok(({ plan }) => assert.equal(plan.frames, 120)),
  ),
  film(
    'eight frames a second.mp4',
    ['-r', '8', ...H264, ...AAC],
    ok(({ plan }) => assert.equal(plan.frames, 16)),
  ),
  film('very wide.mp4', ['-s', '480x64', ...H264, ...AAC]),
  film('portrait.mp4', ['-s', '120x214', ...H264, ...AAC]),
  {
    name: 'many sizes.mkv',
    make: (lab, path) => lab.ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25:d=1', ...H264, path),
    outcome: ok(({ plan }) =>
      assert.deepEqual(
        plan.rungs.map(({ name }) => name),
        ['240p', '360p'],
      ),
    ),
  },
  {
    name: 'cut with an edit list.mp4',
    make: async (lab, path) => lab.ffmpeg('-ss', '0.7', '-i', await lab.plainFilm(), '-c', 'copy', path),
    outcome: ok(),
  },
  {
    name: 'begins after an hour.ts',
    make: async (lab, path) => lab.ffmpeg('-i', await lab.plainFilm(), '-c', 'copy', '-output_ts_offset', '3600', path),
    outcome: ok(),
  },
  rewrapped('$(touch pwned); `id` \'"|&* %s.mp4', [], ok()),
  rewrapped('concat:a|b, -f lavfi.mp4', [], ok()),
];
