import { runGuarded } from './guarded.ts';
import { inputFile, inputOptions } from './input.ts';
import type { ProbedFile } from './probe-streams.ts';

/**
 * Whether the pictures are combed, measured on a sample, for headers often say interlaced where the film is not. When the sample cannot tell (a
 * still picture), the header is believed.
 */
export async function isCombed(file: ProbedFile, stream: number): Promise<boolean> {
  const end = await runGuarded({
    program: 'ffmpeg',
    args: [
      ['-hide_banner', '-nostdin', '-nostats', '-v', 'level+info', '-noautorotate', ...inputOptions(file.container, file.limits)],
      ['-i', inputFile(file.path), '-map', `0:${stream}`, '-vf', 'idet', '-frames:v', String(SAMPLE_FRAMES), '-f', 'null', '-'],
    ].flat(),
    limits: file.limits.probe,
    ...(file.signal === undefined ? {} : { signal: file.signal }),
  });
  const [, top = '0', bottom = '0', progressive = '0'] =
    /Multi frame detection: TFF:\s*(\d+) BFF:\s*(\d+) Progressive:\s*(\d+)/.exec(end.stderr) ?? [];
  return Number(top) + Number(bottom) >= Number(progressive);
}

/** Eight seconds of PAL: long enough for something to move. */
const SAMPLE_FRAMES = 200;
