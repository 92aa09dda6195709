import { execFile } from 'node:child_process';
import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { encoder, type EncodePlan } from '@bioscope/studio/pipeline';

const run = promisify(execFile);
const WALL_MS_MAX = 30 * 60_000;

/**
 * What most people run: one ffmpeg that decodes once, splits, encodes all rungs and the sound, and writes HLS with fragmented MP4. The same encoder
 * settings, segment length and scheduling priority as ours.
 */
export async function preparePeer(source: string, folder: string, plan: EncodePlan): Promise<{ readonly bytes: number }> {
  await mkdir(folder, { recursive: true });
  await run('nice', ['-n', '5', 'ffmpeg', ...ladderCommand(source, folder, plan)], { timeout: WALL_MS_MAX });
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    files.filter((file) => file.isFile()).map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  );
  return { bytes: sizes.reduce((sum, size) => sum + size, 0) };
}

function ladderCommand(source: string, folder: string, plan: EncodePlan): readonly string[] {
  const { rungs } = plan;
  const segmentSeconds = (plan.framesPerSegment * plan.frameRate.denominator) / plan.frameRate.numerator;
  const heads = rungs.map((_, index) => `[s${index}]`).join('');
  const scales = rungs.map(
    ({ width, height }, index) => `[s${index}]scale=${width}:${height}:flags=bicubic,setsar=1,format=yuv420p[v${index}]`,
  );
  return [
    ['-v', 'error', '-nostdin', '-y', '-i', source, '-filter_complex', [`[0:v:0]split=${rungs.length}${heads}`, ...scales].join(';')],
    rungs.flatMap((rung, index) => ['-map', `[v${index}]`, ...perStream(encoder(plan, rung), index)]),
    ['-map', '0:a:0', '-c:a', 'aac', '-b:a', '128k', '-ac', '2', '-ar', '48000'],
    [
      '-f',
      'hls',
      '-hls_time',
      String(segmentSeconds),
      '-hls_playlist_type',
      'vod',
      '-hls_segment_type',
      'fmp4',
      '-hls_flags',
      'single_file',
    ],
    ['-var_stream_map', [...rungs.map((_, index) => `v:${index},agroup:sound`), 'a:0,agroup:sound'].join(' ')],
    ['-master_pl_name', 'master.m3u8', join(folder, '%v', 'media.m3u8')],
  ].flat();
}

/** The same options for one of several streams of an output: `-crf` becomes `-crf:v:2`, `-c:v` becomes `-c:v:2`. */
function perStream(options: readonly string[], index: number): readonly string[] {
  return options.map((option, position) => (position % 2 === 1 ? option : `${option.replace(/:v$/, '')}:v:${index}`));
}
