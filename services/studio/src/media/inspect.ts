import { open, type FileHandle } from 'node:fs/promises';

import { compareOpinions } from './agreement.ts';
import { cadenceOf, type Cadence } from './cadence.ts';
import { decodableEnd } from './decodable-end.ts';
import { MediaFault } from './fault.ts';
import { lastComplaint, type GuardedEnd } from './guarded.ts';
import type { Inspection, InspectionWarning } from './inspection.ts';
import { isCombed } from './interlace.ts';
import { MEDIA_LIMITS, type MediaLimits } from './limits.ts';
import { probeFrames, type DecodedFrame } from './probe-frames.ts';
import { probeStreams, type ProbedFile, type RawFile, type RawStream } from './probe-streams.ts';
import { framesPerSecond } from './rates.ts';
import { refuse, type MediaRefusal } from './refusal.ts';
import { scanPackets, TooManyPackets, type PacketScan } from './scan-packets.ts';
import { askSecondParser } from './second-parser.ts';
import { sniff, SNIFF_BYTES } from './sniff.ts';
import { audioStreams, chooseVideo, isEncrypted, moving, textStreams, videoShape, type VideoShape } from './streams.ts';

export type InspectResult =
  | { readonly kind: 'accepted'; readonly inspection: Inspection }
  | { readonly kind: 'refused'; readonly refusal: MediaRefusal };

/**
 * Finds out what a file holds and whether it can be prepared. Nothing in the file is believed: the container is told by its bytes, two parsers must
 * agree, the packets are counted, and the first and the last pictures are decoded. Refusals are values; rejects with `MediaFault` when we
 * are at fault, or with the signal's reason.
 */
export async function inspect(request: {
  readonly path: string;
  readonly signal?: AbortSignal;
  readonly limits?: MediaLimits;
}): Promise<InspectResult> {
  const limits = request.limits ?? MEDIA_LIMITS;
  await using handle = await openSource(request.path);
  const { size } = await handle.stat();
  const sniffed = sniff(await firstBytes(handle));
  if (sniffed.kind === 'refused') return sniffed;
  const file: ProbedFile = {
    path: request.path,
    container: sniffed.container,
    limits,
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  };
  const chosen = await choosePicture(file);
  if (chosen.kind === 'refused') return chosen;
  const { raw, stream, shape } = chosen;
  const [second, scanned, head] = await Promise.all([askSecondParser(file), scanAll(file, stream.index), firstFrames(file, stream.index)]);
  if (scanned.kind === 'refused') return scanned;
  if (scanned.scan.encrypted) return encrypted();
  if (head.length === 0) return undecodable(stream);
  return judge({ file, handle, size, raw, stream, shape, scan: scanned.scan, head, second });
}

/** The first pictures; farther in when the film was cut without encoding, for then it begins with pictures that are decoded but not shown. */
async function firstFrames(file: ProbedFile, stream: number): Promise<readonly DecodedFrame[]> {
  const frames = await probeFrames(file, { stream, packets: HEAD_PACKETS });
  return frames.length > 0 ? frames : await probeFrames(file, { stream, packets: HEAD_PACKETS_MAX });
}
/** Enough to see the first picture and whether it is interlaced; decoding is the dear part of an inspection. */
const HEAD_PACKETS = 6;
/** Enough to pass a group of ten seconds. */
const HEAD_PACKETS_MAX = 600;

async function openSource(path: string): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (cause) {
    throw new MediaFault('MEDIA_SOURCE_UNREADABLE', `cannot read ${path}`, { cause });
  }
  throw new MediaFault('MEDIA_SOURCE_UNREADABLE', `${path} is not a file`);
}

async function firstBytes(handle: FileHandle): Promise<Uint8Array> {
  const buffer = Buffer.alloc(SNIFF_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, SNIFF_BYTES, 0);
  return buffer.subarray(0, bytesRead);
}

type Refused = Extract<InspectResult, { kind: 'refused' }>;
type Chosen = { readonly kind: 'chosen'; readonly raw: RawFile; readonly stream: RawStream; readonly shape: VideoShape };

async function choosePicture(file: ProbedFile): Promise<Chosen | Refused> {
  const probed = await probeStreams(file).catch((fault: unknown): Refused => {
    if (fault instanceof RangeError || fault instanceof SyntaxError) return refuse('broken', `${DAMAGED} (${fault.message})`);
    throw fault;
  });
  if (probed.kind === 'refused') return probed;
  if (probed.kind !== 'read') return unreadable(probed);
  const { streams } = probed.file;
  const { limits } = file;
  if (streams.length > limits.streamsMax) return tooManyStreams();
  if (streams.some(isEncrypted)) return encrypted();
  const stream = chooseVideo(streams);
  if (stream === null)
    return streams.some(({ codec_type }) => codec_type === 'audio')
      ? refuse('audio_only', 'The file holds sound (and perhaps a cover) but no moving pictures. Upload the film itself.')
      : refuse('no_video', 'The file holds no moving pictures. Upload the film itself.');
  if (stream.codec_name === undefined || stream.codec_name === 'unknown')
    return refuse('unsupported', 'The picture is coded in a way that we cannot decode. Export the film as H.264, HEVC, AV1 or ProRes.');
  const shape = videoShape(stream);
  if (shape.codedWidth === 0 || shape.codedHeight === 0) return OVERSIZE.test(probed.file.stderr) ? oversize() : undecodable(stream);
  const { width, height } = shape;
  if (Math.max(width * height, shape.codedWidth * shape.codedHeight) > limits.pixelsMax)
    return refuse(
      'too_large',
      `The picture has ${width} x ${height} pixels; at most ${limits.pixelsMax / 1e6} megapixels are taken. Export it smaller.`,
    );
  if (Math.min(width, height) < limits.sidePixelsMin)
    return refuse('too_small', `The picture has only ${width} x ${height} pixels; each side needs ${limits.sidePixelsMin} at least.`);
  return { kind: 'chosen', raw: probed.file, stream, shape };
}

async function scanAll(file: ProbedFile, stream: number): Promise<{ readonly kind: 'scanned'; readonly scan: PacketScan } | Refused> {
  try {
    const scanned = await scanPackets(file, stream);
    if (scanned.kind === 'scanned')
      return scanned.scan.video.ticks.length > 0 ? scanned : refuse('broken', `${DAMAGED} (there is not one picture in it)`);
    return unreadable(scanned);
  } catch (fault) {
    if (fault instanceof TooManyPackets) return tooLong(file.limits);
    if (fault instanceof RangeError) return refuse('broken', `${DAMAGED} (${fault.message})`);
    throw fault;
  }
}

const DAMAGED = 'The file is damaged or incomplete. Copy or export it again.';

function unreadable(end: Exclude<GuardedEnd, { kind: 'done' }>): Refused {
  if (/max_streams/.test(end.stderr)) return tooManyStreams();
  if (end.kind === 'limit')
    return refuse(
      'too_costly',
      `Reading the file needs more ${end.limit === 'memory' ? 'memory' : 'time'} than a film should. Export it again.`,
    );
  if (/moov atom not found/.test(end.stderr))
    return refuse(
      'broken',
      'The file ends before its index: recording or copying was cut off. Copy it again, or repair it with the camera’s software.',
    );
  if (OVERSIZE.test(end.stderr)) return oversize();
  return refuse('broken', `${DAMAGED} (${lastComplaint(end.stderr).slice(0, 120)})`);
}

const OVERSIZE = /Picture size \d+x\d+ is invalid|max_pixels/;

function oversize(): Refused {
  return refuse('too_large', 'The picture is larger than any film. Export it smaller.');
}

function undecodable(stream: RawStream): Refused {
  return refuse('broken', `${DAMAGED} (the first pictures, ${stream.codec_name ?? 'of an unknown codec'}, cannot be decoded)`);
}

function tooManyStreams(): Refused {
  return refuse('too_many_streams', 'The file has more streams than any film. Export it with the picture, sound and subtitles only.');
}

function encrypted(): Refused {
  return refuse('encrypted', 'The film is encrypted (copy protected). Upload an unprotected file that you have the rights to.');
}

function tooLong(limits: MediaLimits): Refused {
  return refuse('too_long', `The film is longer than ${limits.durationMsMax / 3600_000} hours. Upload it in parts.`);
}

type Evidence = {
  readonly file: ProbedFile;
  readonly handle: FileHandle;
  readonly size: number;
  readonly raw: RawFile;
  readonly stream: RawStream;
  readonly shape: VideoShape;
  readonly scan: PacketScan;
  readonly head: readonly DecodedFrame[];
  readonly second: Awaited<ReturnType<typeof askSecondParser>>;
};

async function judge(evidence: Evidence): Promise<InspectResult> {
  const { file, raw, stream, shape, scan, head } = evidence;
  const seconds = (ticks: number): number => (ticks * shape.timeBase.numerator) / shape.timeBase.denominator;
  const startTicks = head.find(({ ticks }) => ticks !== null)?.ticks ?? scan.video.ticks[0] ?? 0;
  const zero = seconds(startTicks);
  const cadence = cadenceOf(scan.video.ticks.map(seconds));
  const end = await decodableEnd({
    file,
    handle: evidence.handle,
    stream: stream.index,
    scan,
    seconds,
    frameSeconds: frameSeconds(cadence),
  });
  const durationMs = shownMs({ cadence, seconds: end.seconds - zero, packets: end.cut ? 0 : scan.video.packets });
  if (durationMs > file.limits.durationMsMax) return tooLong(file.limits);
  if (durationMs <= 0) return undecodable(stream);
  const packetSeconds = Math.max(end.seconds, ...audioEnds(raw.streams, scan)) - Math.min(zero, 0);
  const declared = raw.durationSeconds;
  const truncated = end.cut || (declared !== null && declared - (packetSeconds - Math.max(zero, 0)) > Math.max(1, declared * 0.05));
  const agreement = compareOpinions(
    {
      shape,
      video: trackCount(raw.streams.filter(({ codec_type, disposition }) => codec_type === 'video' && disposition?.['attached_pic'] !== 1)),
      audio: trackCount(raw.streams.filter(({ codec_type }) => codec_type === 'audio')),
      declaredSeconds: declared,
      packetSeconds,
      // Broadcast captures lose bytes now and then; ffmpeg finds its way back, the second parser gives up.
      truncated: truncated || file.container === 'mpegts',
    },
    evidence.second,
  );
  if (agreement.kind === 'disagreed')
    return refuse('parsers_disagree', `The file says different things to different readers: ${agreement.because}. Export it again.`);
  const interlaced = saysInterlaced(stream, head) && (await isCombed(file, stream.index));
  const audio = audioStreams(raw.streams, scan, zero);
  const text = textStreams(raw.streams);
  return {
    kind: 'accepted',
    inspection: {
      container: file.container,
      bytes: evidence.size,
      durationMs,
      video: {
        ...shape,
        pixelFormat: head[0]?.pixelFormat ?? shape.pixelFormat,
        interlaced,
        cadence,
        startTicks,
        keyFramesUs: seekPoints(scan, seconds, zero),
      },
      audio,
      text,
      warnings: [
        ...(truncated
          ? [
              warning(
                'truncated',
                `The file is cut short: ${(durationMs / 1000).toFixed(1)} s of ${declared?.toFixed(1) ?? '?'} s are there.`,
              ),
            ]
          : []),
        ...(agreement.kind === 'silent' ? [warning('second_parser_silent', `Checked by one parser only: ${agreement.because}.`)] : []),
        ...oddities({ durationMs, cadence, shape, audio, text, videoStreams: moving(raw.streams).length }),
      ],
    },
  };
}

/** By the clock; but an even film has one picture in each packet, and where their times are uncertain by a few frames, the count is right. */
function shownMs(film: { readonly cadence: Cadence; readonly seconds: number; readonly packets: number }): number {
  const counted = film.packets * frameSeconds(film.cadence);
  const near = Math.abs(counted - film.seconds) < REORDERED_FRAMES_MAX * frameSeconds(film.cadence);
  return Math.round((film.cadence.kind === 'constant' && near ? counted : film.seconds) * 1000);
}
/** H.264 holds back sixteen frames at most, MPEG-2 and MPEG-4 one or two. */
const REORDERED_FRAMES_MAX = 8;

function trackCount(streams: readonly RawStream[]): { readonly all: number; readonly known: number } {
  return { all: streams.length, known: streams.filter(({ codec_name }) => SECOND_PARSER_CODECS.has(codec_name ?? '')).length };
}
const SECOND_PARSER_CODECS: ReadonlySet<string> = new Set(['h264', 'hevc', 'vp8', 'vp9', 'av1', 'aac', 'mp3', 'opus', 'vorbis', 'flac']);

function frameSeconds(cadence: Cadence): number {
  return 1 / framesPerSecond(cadence.rate);
}

function audioEnds(streams: readonly RawStream[], scan: PacketScan): readonly number[] {
  return audioStreams(streams, scan, 0).map(({ endMs }) => endMs / 1000);
}

function saysInterlaced(stream: RawStream, head: readonly DecodedFrame[]): boolean {
  return ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? '') || head.some(({ interlaced }) => interlaced);
}

/**
 * Where the container tells decoding times only, the first picture comes out later than its packet says; all others do too.
 * At most one key frame for each second: chunks begin at whole seconds at best, and films of only key frames would fill megabytes.
 */
function seekPoints(scan: PacketScan, seconds: (ticks: number) => number, zero: number): readonly number[] {
  const points: number[] = [];
  const delay = zero - scan.video.ticks.reduce((earliest, ticks) => Math.min(earliest, seconds(ticks)), zero);
  for (const ticks of scan.video.keyTicks.slice().sort()) {
    const us = Math.round((seconds(ticks) - zero + delay) * 1e6);
    const last = points.at(-1);
    if (last === undefined || us - last >= 1e6) points.push(us);
  }
  return points;
}

function oddities(film: {
  readonly durationMs: number;
  readonly cadence: Cadence;
  readonly shape: VideoShape;
  readonly audio: Inspection['audio'];
  readonly text: Inspection['text'];
  readonly videoStreams: number;
}): readonly InspectionWarning[] {
  const { durationMs, audio, shape } = film;
  const soundEndMs = Math.max(...audio.map(({ endMs }) => endMs));
  return [
    ...(film.cadence.kind === 'variable'
      ? [warning('variable_frame_rate', 'Frames come at changing intervals; they are put on an even grid.')]
      : []),
    ...(film.videoStreams > 1 ? [warning('extra_video_ignored', 'There is more than one picture; the main one is used.')] : []),
    ...(audio.length === 0 ? [warning('no_audio', 'The film has no sound.')] : []),
    ...(audio.length > 0 && soundEndMs < durationMs - SOUND_SLACK_MS
      ? [
          warning(
            'audio_ends_early',
            `The sound ends ${((durationMs - soundEndMs) / 1000).toFixed(1)} s before the picture; silence follows.`,
          ),
        ]
      : []),
    ...(audio.length > 0 && soundEndMs > durationMs + SOUND_SLACK_MS
      ? [
          warning(
            'audio_runs_on',
            `The sound goes on ${((soundEndMs - durationMs) / 1000).toFixed(1)} s after the last picture; it is cut there.`,
          ),
        ]
      : []),
    ...(shape.bitDepth > 8 && shape.colour.transfer === null
      ? [warning('colour_unknown', 'Ten-bit pictures without colour information; they are taken for standard dynamic range.')]
      : []),
    ...film.text
      .filter(({ convertible }) => !convertible)
      .map(({ codec, language }) =>
        warning('text_not_convertible', `The ${language} subtitles (${codec}) are pictures and cannot be converted.`),
      ),
  ];
}
const SOUND_SLACK_MS = 1000;

function warning(code: InspectionWarning['code'], message: string): InspectionWarning {
  return { code, message };
}
