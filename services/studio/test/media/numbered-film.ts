import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const MAKE_MS_MAX = 60_000;

/** A picture that tells its own number, modulo 256: eight bars, black or white. Survives scaling and lossy coding. */
export const NUMBERED = "geq=lum='if(mod(floor(N/pow(2,floor(X/20))),2),235,16)':cb=128:cr=128";

/** `seconds` of numbered frames at `rate` as an input and its filter; `more` filters come after the numbering. */
export function numbered(seconds: number, rate: string, more: readonly string[] = []): readonly string[] {
  return ['-f', 'lavfi', '-i', `color=black:s=160x64:r=${rate}:d=${seconds}`, '-vf', [NUMBERED, ...more].join(',')];
}

export async function ffmpeg(...args: readonly string[]): Promise<void> {
  await run('nice', ['-n', '10', 'ffmpeg', '-v', 'error', '-nostdin', '-y', ...args], { timeout: MAKE_MS_MAX });
}

/** The numbers that the frames of a film show, in order. */
export async function readNumbers(path: string): Promise<readonly number[]> {
  const pixels = await decode(path, [
    '-map',
    '0:v:0',
    '-fps_mode',
    'passthrough',
    '-vf',
    'scale=8:1:flags=area,format=gray',
    '-f',
    'rawvideo',
  ]);
  return Array.from({ length: pixels.length / 8 }, (_, frame) =>
    Array.from({ length: 8 }, (_, bar) => ((pixels[frame * 8 + bar] ?? 0) > 125 ? 2 ** bar : 0)).reduce((sum, bit) => sum + bit, 0),
  );
}

/** Raw output of a decode. */
export async function decode(path: string, args: readonly string[]): Promise<Buffer> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-nostdin', '-i', path, ...args, 'pipe:1'], {
    timeout: MAKE_MS_MAX,
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
