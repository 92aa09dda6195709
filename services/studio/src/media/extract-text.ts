import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { exists, moveIntoPlace, partialPath, removeFiles } from './finished-file.ts';
import { inputFile, inputOptions } from './input.ts';
import { encodeLimits, MEDIA_LIMITS } from './limits.ts';
import type { EncodePlan } from './plan.ts';
import type { TextPlan } from './plan-tracks.ts';
import { runEncoder } from './run-encoder.ts';
import { parseWebVtt, writeWebVtt } from './webvtt.ts';

/**
 * Turns one text track into a WebVTT file on the film's clock, plain text without styling. `cues` may be 0: then there is nothing worth showing.
 * Idempotent like `encodeChunk`; rejects with `MediaFault`.
 */
export async function extractText(request: {
  readonly source: string;
  readonly plan: EncodePlan;
  readonly track: TextPlan;
  /** Exists; gets `<track id>.vtt`. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}): Promise<{ readonly file: string; readonly cues: number }> {
  const { plan, track } = request;
  const file = join(request.folder, `${track.id}.vtt`);
  if (await exists(file)) return { file, cues: parseWebVtt(await readFile(file, 'utf8')).length };
  const raw = `${file}.raw`;
  const partial = partialPath(file);
  try {
    await runEncoder({
      args: [
        ['-copyts', ...inputOptions(plan.container, MEDIA_LIMITS), '-i', inputFile(request.source), '-map', `0:${track.stream}`],
        ['-map_metadata', '-1', '-map_chapters', '-1', '-c:s', 'webvtt', '-f', 'webvtt', '-y', inputFile(raw)],
      ].flat(),
      limits: { ...encodeLimits(plan.durationMs / 1000), fileBytes: TEXT_BYTES_MAX },
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    const { startTicks, timeBase } = plan.video;
    const shiftMs = -Math.round((startTicks * timeBase.numerator * 1000) / timeBase.denominator);
    const written = writeWebVtt(parseWebVtt(await readFile(raw, 'utf8')), { shiftMs, durationMs: plan.durationMs });
    await writeFile(partial, written);
    await moveIntoPlace(partial, file);
    return { file, cues: parseWebVtt(written).length };
  } finally {
    await removeFiles([raw, partial]);
  }
}

/** The text of a long film is 200 KB. */
const TEXT_BYTES_MAX = 16 * 1024 * 1024;
