import { join } from 'node:path';

import { bestMoment, type ScoredPicture } from './best-moment.ts';
import { exists, moveIntoPlace, partialPath, removeFiles } from './finished-file.ts';
import { inputFile, inputOptions } from './input.ts';
import { encodeLimits, MEDIA_LIMITS } from './limits.ts';
import { coverGraph } from './picture-filters.ts';
import type { EncodePlan } from './plan.ts';
import { runEncoder } from './run-encoder.ts';

export type Artwork = { readonly poster: string; readonly backdrop: string };

export const POSTER = { width: 600, height: 900 } as const;
export const BACKDROP = { width: 1280, height: 720 } as const;

/**
 * Finds a telling moment among the key frames of a finished rung, and cuts a poster (2:3) and a backdrop (16:9) out of the source's picture there.
 * Idempotent like `encodeChunk`; rejects with `MediaFault`.
 */
export async function makeArtwork(request: {
  readonly source: string;
  /** A packaged or encoded file of any rung with the whole film; the lowest is enough. */
  readonly rungFile: string;
  readonly plan: EncodePlan;
  /** Exists; gets `poster.jpg` and `backdrop.jpg`. */
  readonly folder: string;
  readonly signal?: AbortSignal;
}): Promise<Artwork> {
  const { plan, folder } = request;
  const made = { poster: join(folder, 'poster.jpg'), backdrop: join(folder, 'backdrop.jpg') };
  if ((await exists(made.poster)) && (await exists(made.backdrop))) return made;
  const seconds = bestMoment(await scorePictures(request), plan.durationMs / 1000);
  const partials = [partialPath(made.poster), partialPath(made.backdrop)];
  const { startTicks, timeBase } = plan.video;
  const at = (startTicks * timeBase.numerator) / timeBase.denominator + seconds;
  try {
    await runEncoder({
      args: [
        // The first picture needs no seeking, which some containers cannot do. On the way from the key frame to the moment, pictures that no other
        // needs are left out; the next one that is needed is as good.
        ...(seconds > 0 ? ['-skip_frame', 'noref', '-copyts', '-seek_timestamp', '1', '-ss', at.toFixed(6)] : []),
        ['-noautorotate', ...inputOptions(plan.container, MEDIA_LIMITS), '-i', inputFile(request.source)],
        [
          '-filter_complex',
          coverGraph(plan, [
            { label: 'poster', ...POSTER },
            { label: 'backdrop', ...BACKDROP },
          ]),
        ],
        ['-map', '[poster]', ...JPEG, inputFile(partials[0] ?? ''), '-map', '[backdrop]', ...JPEG, inputFile(partials[1] ?? '')],
      ].flat(),
      limits: encodeLimits(ARTWORK_SECONDS),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    });
    await moveIntoPlace(partials[0] ?? '', made.poster);
    await moveIntoPlace(partials[1] ?? '', made.backdrop);
    return made;
  } finally {
    await removeFiles(partials);
  }
}

const JPEG = [
  '-frames:v',
  '1',
  '-map_metadata',
  '-1',
  '-flags',
  '+bitexact',
  '-q:v',
  '3',
  '-c:v',
  'mjpeg',
  '-f',
  'image2',
  '-update',
  '1',
  '-y',
];
/** Decoding from the key frame before takes some seconds of film. */
const ARTWORK_SECONDS = 20;

/** Measures every key frame: how much there is to see, how bright, how sharp. */
async function scorePictures(request: {
  readonly rungFile: string;
  readonly plan: EncodePlan;
  readonly signal?: AbortSignal;
}): Promise<readonly ScoredPicture[]> {
  const pictures: { seconds: number; entropy: number; brightness: number; blur: number; colour: number }[] = [];
  await runEncoder({
    args: [
      ['-skip_frame', 'nokey', ...inputOptions('mov', MEDIA_LIMITS), '-i', inputFile(request.rungFile), '-map', '0:v:0'],
      ['-vf', 'entropy,blurdetect,signalstats,metadata=mode=print:file=pipe\\\\:1', '-fps_mode', 'passthrough', '-f', 'null', '-'],
    ].flat(),
    limits: encodeLimits(request.plan.durationMs / 1000),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    onLine(line) {
      const [, time] = /^frame:.*\bpts_time:([\d.]+)/.exec(line) ?? [];
      if (time !== undefined) pictures.push({ seconds: Number(time), entropy: 0, brightness: 0, blur: 0, colour: 0 });
      const picture = pictures.at(-1);
      const [, name = '', value = ''] = /^lavfi\.([^=]+)=([\d.]+)/.exec(line) ?? [];
      if (picture === undefined) return;
      if (name === 'entropy.normalized_entropy.normal.Y') picture.entropy = Number(value);
      else if (name === 'blur') picture.blur = Number(value);
      else if (name === 'signalstats.YAVG') picture.brightness = Number(value) / 255;
      else if (name === 'signalstats.SATAVG') picture.colour = Number(value) / 128;
    },
  });
  return pictures;
}
