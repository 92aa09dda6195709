import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

import { createFile, MP4BoxBuffer } from 'mp4box';

const run = promisify(execFile);

export type ReadSample = {
  readonly dts: number;
  readonly cts: number;
  readonly duration: number;
  readonly bytes: number;
  readonly sync: boolean;
};
export type ReadTrack = {
  readonly boxes: readonly string[];
  readonly brands: readonly string[];
  readonly codec: string;
  readonly timescale: number;
  readonly samples: readonly ReadSample[];
  readonly index: readonly { readonly bytes: number; readonly duration: number; readonly startsWithSync: boolean }[];
};

/** What mp4box reads from the file. */
export async function readWithMp4box(path: string): Promise<ReadTrack> {
  const bytes = await readFile(path);
  const file = createFile();
  const failures: string[] = [];
  file.onError = (module, message) => failures.push(`${module}: ${message}`);
  file.appendBuffer(MP4BoxBuffer.fromArrayBuffer(Uint8Array.from(bytes).buffer, 0));
  file.flush();
  if (failures.length > 0) throw new Error(failures.join('; '));
  const info = file.getInfo();
  const [track] = info.tracks;
  if (track === undefined) throw new Error('mp4box sees no track');
  return {
    boxes: file.boxes.map((box) => box.type),
    brands: info.brands,
    codec: track.codec,
    timescale: track.timescale,
    samples: file
      .getTrackSamplesInfo(track.id)
      .map(({ dts, cts, duration, size, is_sync }) => ({ dts, cts, duration, bytes: size, sync: is_sync })),
    index: (file.sidx?.references ?? []).map((reference) => ({
      bytes: reference.referenced_size,
      duration: reference.subsegment_duration,
      startsWithSync: reference.starts_with_SAP === 1,
    })),
  };
}

/** Frames that ffprobe decodes, and what it complains about. */
export async function decodeWithFfprobe(path: string): Promise<{ frames: number; complaints: string }> {
  const options = ['-v', 'warning', '-count_frames', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', path];
  const { stdout, stderr } = await run('ffprobe', options);
  return { frames: Number.parseInt(stdout, 10), complaints: stderr };
}

/** One hash for each decoded frame, in order of presentation. */
export async function frameHashes(path: string): Promise<readonly string[]> {
  const { stdout } = await run('ffmpeg', ['-v', 'error', '-i', path, '-f', 'framemd5', '-'], { maxBuffer: 1 << 24 });
  return stdout
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');
}
