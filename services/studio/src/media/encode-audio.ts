import { join } from 'node:path';

import { exists, moveIntoPlace, partialPath, removeFiles } from './finished-file.ts';
import { inputFile, inputOptions } from './input.ts';
import { encodeLimits, MEDIA_LIMITS } from './limits.ts';
import type { EncodePlan } from './plan.ts';
import type { AudioPlan } from './plan-tracks.ts';
import { runEncoder } from './run-encoder.ts';

export type EncodedAudio = { readonly file: string };

/**
 * Encodes one audio track for the whole film as AAC-LC in fragmented MP4, exactly as long as the picture: late sound begins after silence, gaps are
 * filled, what ends early is followed by silence, what runs on is cut. Idempotent like `encodeChunk`; rejects with `MediaFault`.
 *
 * Priming: the encoder's first 1,024 samples hold no sound of their own. They replace the first 1,024 samples of the film (21 ms) instead of pushing
 * everything back, so that sample n of the track is sample n of the film and no player has to understand an edit list.
 */
export async function encodeAudio(request: {
  readonly source: string;
  readonly plan: EncodePlan;
  readonly track: AudioPlan;
  /** Exists; gets `<track id>.mp4`. */
  readonly folder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
}): Promise<EncodedAudio> {
  const { plan, track } = request;
  const file = join(request.folder, `${track.id}.mp4`);
  if (await exists(file)) return { file };
  const partial = partialPath(file);
  const seconds = (plan.frames * plan.frameRate.denominator) / plan.frameRate.numerator;
  try {
    await runEncoder({
      args: [
        ['-copyts', ...inputOptions(plan.container, MEDIA_LIMITS), '-i', inputFile(request.source)],
        ['-map', `0:${track.stream}`, '-vn', '-sn', '-dn', '-af', onFilmClock(plan, track, Math.round(seconds * track.sampleRate))],
        ['-c:a', 'aac', '-profile:a', 'aac_low', '-b:a', `${track.bitrateKbps}k`, '-ar', String(track.sampleRate)],
        ['-map_metadata', '-1', '-map_chapters', '-1', '-fflags', '+bitexact', '-flags:a', '+bitexact', '-avoid_negative_ts', 'make_zero'],
        ['-movflags', '+empty_moov+default_base_moof', '-frag_duration', String(FRAGMENT_US), '-f', 'mp4', '-y', inputFile(partial)],
      ].flat(),
      limits: encodeLimits(seconds),
      durationUs: seconds * 1e6,
      ...(request.signal === undefined ? {} : { signal: request.signal }),
      ...(request.onProgress === undefined ? {} : { onProgress: request.onProgress }),
    });
    await moveIntoPlace(partial, file);
    return { file };
  } catch (fault) {
    await removeFiles([partial]);
    throw fault;
  }
}

/** Small enough to be cut near any segment bound, large enough not to weigh. */
const FRAGMENT_US = 500_000;
const PRIMING_SAMPLES = 1024;

function onFilmClock(plan: EncodePlan, track: AudioPlan, samples: number): string {
  const { startTicks, timeBase } = plan.video;
  const zero = (startTicks * timeBase.numerator) / timeBase.denominator;
  const layout = track.channels === 6 ? '5.1' : 'stereo';
  return [
    `asetpts=PTS-(${zero.toFixed(9)})/TB`,
    `aresample=${track.sampleRate}:async=1:first_pts=0:ochl=${layout}`,
    `aformat=sample_fmts=fltp:channel_layouts=${layout}`,
    `apad=whole_len=${samples}`,
    `atrim=start_sample=${PRIMING_SAMPLES}:end_sample=${samples}`,
    'asetpts=N/SR/TB',
  ].join(',');
}
