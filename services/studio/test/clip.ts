import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** A film of some seconds with picture and sound; small, so that its preparation takes seconds too. */
export async function makeClip(folder: string, { seconds, size = '640x480' }: { seconds: number; size?: string }): Promise<Uint8Array> {
  const file = path.join(folder, `clip-${seconds}-${size}.mp4`);
  const picture = ['-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=24`, '-f', 'lavfi', '-i', 'sine=frequency=440'];
  const settings = [
    '-t',
    String(seconds),
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    '-g',
    '24',
    '-c:a',
    'aac',
    '-y',
    file,
  ];
  await promisify(execFile)('ffmpeg', ['-nostdin', '-v', 'error', ...picture, ...settings]);
  return readFile(file);
}
