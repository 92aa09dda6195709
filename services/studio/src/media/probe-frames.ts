import { runGuarded } from './guarded.ts';
import { inputFile, inputOptions } from './input.ts';
import type { ProbedFile } from './probe-streams.ts';

/** A picture that could be decoded. */
export type DecodedFrame = { readonly ticks: number | null; readonly interlaced: boolean; readonly pixelFormat: string };

/**
 * Decodes a few pictures: `packets` of them from the start, or the key frame at `fromSeconds` (on the file's own clock). An empty list means
 * that nothing there can be decoded, for whatever reason.
 */
export async function probeFrames(
  file: ProbedFile,
  request: { readonly stream: number; readonly packets: number; readonly fromSeconds?: number },
): Promise<readonly DecodedFrame[]> {
  const frames: DecodedFrame[] = [];
  const from = request.fromSeconds === undefined ? '' : request.fromSeconds.toFixed(6);
  await runGuarded({
    program: 'ffprobe',
    args: [
      ['-v', 'level+fatal', ...inputOptions(file.container, file.limits), '-select_streams', String(request.stream)],
      ...(request.fromSeconds === undefined ? [] : ['-skip_frame', 'nokey']),
      ['-read_intervals', `${from}%+#${request.packets}`],
      ['-show_entries', 'frame=best_effort_timestamp,pix_fmt,interlaced_frame', '-of', 'compact=p=0', '-i', inputFile(file.path)],
    ].flat(),
    limits: file.limits.probe,
    ...(file.signal === undefined ? {} : { signal: file.signal }),
    onLine(line) {
      const fields = new Map(line.split('|').map((field) => field.split('=', 2) as [string, string]));
      if (!fields.has('pix_fmt')) return;
      const ticks = Number(fields.get('best_effort_timestamp'));
      frames.push({
        ticks: Number.isFinite(ticks) ? ticks : null,
        interlaced: fields.get('interlaced_frame') === '1',
        pixelFormat: fields.get('pix_fmt') ?? '',
      });
    },
  });
  return frames;
}
