import type { AudioStream, Colour, TextStream, VideoStream } from './inspection.ts';
import { languageTag } from './language.ts';
import type { RawStream } from './probe-streams.ts';
import type { PacketScan } from './scan-packets.ts';

/** The picture to prepare: moving (no cover art), the default one before others, then the largest. */
export function chooseVideo(streams: readonly RawStream[]): RawStream | null {
  const area = (stream: RawStream): number => (stream.width ?? 0) * (stream.height ?? 0);
  const isDefault = (stream: RawStream): number => stream.disposition?.['default'] ?? 0;
  return moving(streams).toSorted((left, right) => isDefault(right) - isDefault(left) || area(right) - area(left))[0] ?? null;
}

export function moving(streams: readonly RawStream[]): readonly RawStream[] {
  return streams.filter(
    ({ codec_type, disposition }) =>
      codec_type === 'video' && !['attached_pic', 'still_image', 'timed_thumbnails'].some((kind) => disposition?.[kind] === 1),
  );
}

/** Common encryption renames the sample entries; the key would be needed to see anything. */
export function isEncrypted(stream: RawStream): boolean {
  return ENCRYPTED_TAGS.has(stream.codec_tag_string ?? '');
}
const ENCRYPTED_TAGS: ReadonlySet<string> = new Set(['encv', 'enca', 'enct', 'drmi', 'drms']);

export type VideoShape = Pick<
  VideoStream,
  'stream' | 'codec' | 'codedWidth' | 'codedHeight' | 'width' | 'height' | 'rotation' | 'pixelFormat' | 'bitDepth' | 'colour' | 'timeBase'
>;

export function videoShape(stream: RawStream): VideoShape {
  const codedWidth = stream.width ?? 0;
  const codedHeight = stream.height ?? 0;
  const rotation = clockwise(stream.side_data_list?.find(({ rotation }) => rotation !== undefined)?.rotation ?? 0);
  const square = Math.max(1, Math.round(codedWidth * pixelAspect(stream.sample_aspect_ratio)));
  const turned = rotation === 90 || rotation === 270;
  const pixelFormat = stream.pix_fmt ?? '';
  return {
    stream: stream.index,
    codec: stream.codec_name ?? 'unknown',
    codedWidth,
    codedHeight,
    width: turned ? codedHeight : square,
    height: turned ? square : codedHeight,
    rotation,
    pixelFormat,
    bitDepth: bitDepth(pixelFormat),
    colour: colourOf(stream, pixelFormat),
    timeBase: fraction(stream.time_base),
  };
}

/** ffprobe counts against the clock; the player's matrix may hold any angle, of which right ones make sense for a film. */
function clockwise(counter: number): VideoShape['rotation'] {
  const turns = ((Math.round(-counter / 90) % 4) + 4) % 4;
  return turns === 0 ? 0 : turns === 1 ? 90 : turns === 2 ? 180 : 270;
}

function pixelAspect(text: string | undefined): number {
  const [across = 1, down = 1] = (text ?? '1:1').split(':').map(Number);
  const ratio = across / down;
  // Beyond four to one it is a damaged header, not a lens.
  return ratio >= 0.25 && ratio <= 4 ? ratio : 1;
}

function fraction(text: string | undefined): { readonly numerator: number; readonly denominator: number } {
  const [numerator = 1, denominator = 1] = (text ?? '').split('/').map(Number);
  return numerator > 0 && denominator > 0 ? { numerator, denominator } : { numerator: 1, denominator: 1000 };
}

function bitDepth(pixelFormat: string): number {
  const [, digits] = /(9|1[0246]|32|48|64)(?:le|be)$/.exec(pixelFormat) ?? [];
  if (digits === undefined) return 8;
  return digits === '48' || digits === '64' ? 16 : Number(digits);
}

function colourOf(stream: RawStream, pixelFormat: string): Colour {
  const known = (value: string | undefined): string | null =>
    value === undefined || ['unknown', 'unspecified', 'reserved'].includes(value) ? null : value;
  const transfer = known(stream.color_transfer);
  return {
    range: stream.color_range === 'pc' || pixelFormat.startsWith('yuvj') ? 'full' : 'limited',
    matrix: known(stream.color_space),
    primaries: known(stream.color_primaries),
    transfer,
    dynamicRange: transfer === 'smpte2084' ? 'pq' : transfer === 'arib-std-b67' ? 'hlg' : 'standard',
  };
}

/** Sound that has a decoder, and at least one packet. `zeroSeconds`: when the film begins on the file's clock. */
export function audioStreams(streams: readonly RawStream[], scan: PacketScan, zeroSeconds: number): readonly AudioStream[] {
  return streams.flatMap((stream) => {
    const packets = scan.others.get(stream.index);
    const sampleRate = Number(stream.sample_rate);
    if (stream.codec_type !== 'audio' || packets === undefined || !(sampleRate > 0) || !((stream.channels ?? 0) > 0)) return [];
    const { numerator, denominator } = fraction(stream.time_base);
    const ms = (ticks: number): number => Math.round(((ticks * numerator) / denominator - zeroSeconds) * 1000);
    return {
      stream: stream.index,
      codec: stream.codec_name ?? 'unknown',
      channels: stream.channels ?? 0,
      sampleRate,
      ...labels(stream),
      startMs: ms(packets.firstTicks),
      endMs: ms(packets.endTicks),
    };
  });
}

export function textStreams(streams: readonly RawStream[]): readonly TextStream[] {
  return streams
    .filter(({ codec_type }) => codec_type === 'subtitle')
    .map((stream) => ({
      stream: stream.index,
      codec: stream.codec_name ?? 'unknown',
      ...labels(stream),
      forced: stream.disposition?.['forced'] === 1,
      captions: stream.disposition?.['hearing_impaired'] === 1,
      convertible: TEXT_CODECS.has(stream.codec_name ?? ''),
    }));
}
const TEXT_CODECS: ReadonlySet<string> = new Set(['subrip', 'srt', 'ass', 'ssa', 'mov_text', 'webvtt', 'text']);

function labels(stream: RawStream): { readonly language: string; readonly title: string; readonly isDefault: boolean } {
  return {
    language: languageTag(stream.tags?.['language']),
    title: printable(stream.tags?.['title'] ?? ''),
    isDefault: stream.disposition?.['default'] === 1,
  };
}

/** Titles are shown to viewers: one short line without control characters. */
function printable(title: string): string {
  return title
    .replaceAll(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, TITLE_CHARACTERS_MAX);
}
const TITLE_CHARACTERS_MAX = 80;
