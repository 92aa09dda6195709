import { join } from 'node:path';

import { exists, moveIntoPlace, removeFiles } from './finished-file.ts';
import { inputFile, inputOptions } from './input.ts';
import { encodeLimits, MEDIA_LIMITS } from './limits.ts';
import type { EncodePlan, StoryboardPlan } from './plan.ts';
import { framesPerSecond } from './rates.ts';
import { runEncoder } from './run-encoder.ts';

export type MadeStoryboard = StoryboardPlan & { readonly files: readonly string[] };

/**
 * Makes the sheets of small pictures for the seek bar from the key frames of a finished rung: only those are decoded, and they lie on the grid.
 * Thumbnail n shows the film at n times `everyMs`. Idempotent like `encodeChunk`; rejects with `MediaFault`.
 */
export async function makeStoryboard(request: {
  /** A packaged or encoded file of any rung with the whole film; the lowest is enough. */
  readonly rungFile: string;
  readonly plan: EncodePlan;
  /** Exists; gets `storyboard-1.jpg`, `storyboard-2.jpg` … */
  readonly folder: string;
  readonly signal?: AbortSignal;
}): Promise<MadeStoryboard> {
  const { plan, folder } = request;
  const { storyboard } = plan;
  const sheets = Math.ceil(storyboard.thumbnails / (storyboard.columns * storyboard.rows));
  const files = Array.from({ length: sheets }, (_, index) => join(folder, `storyboard-${index + 1}.jpg`));
  const partials = files.map((_, index) => join(folder, `storyboard-partial-${index + 1}.jpg`));
  if ((await Promise.all(files.map((file) => exists(file)))).every(Boolean)) return { ...storyboard, files };
  try {
    await runEncoder({
      args: [
        [
          '-skip_frame',
          'nokey',
          ...inputOptions('mov', MEDIA_LIMITS),
          '-i',
          inputFile(request.rungFile),
          '-map',
          '0:v:0',
          '-vf',
          sheetFilter(plan),
        ],
        ['-fps_mode', 'passthrough', '-frames:v', String(sheets), '-map_metadata', '-1', '-flags', '+bitexact', '-q:v', JPEG_QUALITY],
        ['-f', 'image2', '-y', inputFile(join(folder, 'storyboard-partial-%d.jpg'))],
      ].flat(),
      limits: encodeLimits(plan.durationMs / 1000),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    for (const [index, file] of files.entries()) await moveIntoPlace(partials[index] ?? '', file);
    return { ...storyboard, files };
  } finally {
    await removeFiles(partials);
  }
}

/** ffmpeg's scale from 2 (best) to 31: a sheet of 25 has about 40 KB. */
const JPEG_QUALITY = '6';

function sheetFilter({ storyboard, gopFrames, frameRate }: EncodePlan): string {
  const gopMs = (gopFrames * 1000) / framesPerSecond(frameRate);
  const stride = Math.max(1, Math.round(storyboard.everyMs / gopMs));
  return [
    ...(stride > 1 ? [`select=not(mod(n\\,${stride}))`] : []),
    `scale=${storyboard.width}:${storyboard.height}:out_range=full`,
    'format=yuvj420p',
    `tile=${storyboard.columns}x${storyboard.rows}`,
  ].join(',');
}
