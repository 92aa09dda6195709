import { refuse, type MediaRefusal } from './refusal.ts';

/** Containers that we take, by the name of ffmpeg's demuxer. Others (text formats above all) are never given to a parser. */
export const CONTAINERS = ['mov', 'matroska', 'avi', 'mpegts', 'mpeg', 'mxf', 'ogg', 'flv', 'asf'] as const;
export type Container = (typeof CONTAINERS)[number];

export type Sniffed =
  | { readonly kind: 'film'; readonly container: Container }
  | { readonly kind: 'refused'; readonly refusal: MediaRefusal };

/** How many first bytes `sniff` looks at. */
export const SNIFF_BYTES = 4096;

/**
 * Tells from the first bytes whether a file can be a film; names and declared types are never asked. A film that passes may still be refused by
 * `inspect`. Give it `SNIFF_BYTES` bytes, or the whole file when it is shorter.
 */
export function sniff(first: Uint8Array): Sniffed {
  const bytes = Buffer.from(first.buffer, first.byteOffset, Math.min(first.byteLength, SNIFF_BYTES));
  if (bytes.length === 0) return refuse('empty', 'The file is empty. Choose the film file again; the copy may have stopped.');
  const container = containerOf(bytes);
  if (container !== null) return { kind: 'film', container };
  const known = KNOWN.find(({ is }) => is(bytes));
  if (known !== undefined) return refuse(known.code, known.message);
  return refuse('not_a_film', `The file is not in a film format that we know. ${TAKEN}`);
}

const TAKEN = 'MP4, MOV, MKV, WebM, AVI, MPEG-TS, MPEG, MXF, Ogg, FLV and WMV files are taken.';

function containerOf(bytes: Buffer): Container | null {
  const at = (offset: number, text: string): boolean => bytes.toString('latin1', offset, offset + text.length) === text;
  const is = (offset: number, ...values: readonly number[]): boolean => values.every((value, index) => bytes[offset + index] === value);
  if (at(4, 'ftyp') && !IMAGE_BRANDS.has(bytes.toString('latin1', 8, 12))) return 'mov';
  if (MOV_FIRST_BOXES.has(bytes.toString('latin1', 4, 8)) && bytes.length >= 8) return 'mov';
  if (is(0, 0x1a, 0x45, 0xdf, 0xa3)) return 'matroska';
  if (at(0, 'RIFF') && at(8, 'AVI ')) return 'avi';
  if (isTransportStream(bytes)) return 'mpegts';
  if (is(0, 0, 0, 1, 0xba)) return 'mpeg';
  if (is(0, 0x06, 0x0e, 0x2b, 0x34)) return 'mxf';
  if (at(0, 'OggS')) return 'ogg';
  if (at(0, 'FLV\u0001')) return 'flv';
  if (is(0, 0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11)) return 'asf';
  return null;
}

/** QuickTime files from before `ftyp`, and files whose head is the film data itself. */
const MOV_FIRST_BOXES: ReadonlySet<string> = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot', 'styp', 'moof']);
const IMAGE_BRANDS: ReadonlySet<string> = new Set(['heic', 'heix', 'mif1', 'msf1', 'avif', 'avis', 'crx ']);

/** A sync byte at the start of every packet we can see: 188 bytes each, or 192 with a time code before (Blu-ray, cameras). */
function isTransportStream(bytes: Buffer): boolean {
  return [
    { packet: 188, sync: 0 },
    { packet: 192, sync: 4 },
  ].some(({ packet, sync }) => {
    const packets = Math.floor(bytes.length / packet);
    return packets >= 3 && Array.from({ length: packets }, (_, index) => bytes[index * packet + sync]).every((byte) => byte === 0x47);
  });
}

type Known = {
  readonly code: 'image' | 'playlist' | 'audio_only' | 'not_a_film';
  readonly message: string;
  readonly is: (bytes: Buffer) => boolean;
};

const KNOWN: readonly Known[] = [
  {
    code: 'playlist',
    message: 'The file is a playlist or project that only points to films. Upload the film file itself.',
    is: (bytes) =>
      /^﻿?\s*(#EXTM3U|ffconcat|\[playlist\]|<MPD|<asx|<smil|\[reference\]|<\?xml[^>]*>\s*(<!--[^]*?-->\s*)?<(MPD|smil|playlist))/i.test(
        bytes.toString('utf8'),
      ),
  },
  {
    code: 'image',
    message: 'The file is a picture, not a film. Upload the film file.',
    is: (bytes) =>
      startsWith(bytes, 'ffd8ff', '89504e47', '47494638', '49492a00', '4d4d002a', '424d', '38425053') ||
      bytes.toString('latin1', 8, 12) === 'WEBP' ||
      IMAGE_BRANDS.has(bytes.toString('latin1', 8, 12)) ||
      /^﻿?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)?(<!DOCTYPE svg[^>]*>\s*)?<svg/i.test(bytes.toString('utf8')),
  },
  {
    code: 'audio_only',
    message: 'The file holds sound only. Upload a film with moving pictures.',
    is: (bytes) =>
      startsWith(bytes, '494433', 'fffb', 'fff3', 'fff2', 'fff1', 'fff9', '664c6143') || bytes.toString('latin1', 8, 12) === 'WAVE',
  },
  {
    code: 'not_a_film',
    message: `The file is a document or an archive, not a film. Unpack it first. ${TAKEN}`,
    is: (bytes) =>
      startsWith(bytes, '25504446', '504b0304', '1f8b', '425a68', 'fd377a58', '377abcaf', '52617221', '7f454c46', '4d5a', '28b52ffd'),
  },
];

function startsWith(bytes: Buffer, ...hexadecimal: readonly string[]): boolean {
  return hexadecimal.some((start) => bytes.toString('hex', 0, start.length / 2) === start);
}
