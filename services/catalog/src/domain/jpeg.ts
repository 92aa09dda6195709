export type JpegVerdict =
  | { readonly kind: 'jpeg'; readonly width: number; readonly height: number }
  | { readonly kind: 'refused'; readonly because: string };

/** Sides in pixels. Below it is no picture for a shelf, above it no phone wants to decode it. */
const JPEG_SIDE_MIN = 16;
const JPEG_SIDE_MAX = 4096;
/** Of the contract: at most 2 MiB each. */
export const JPEG_BYTES_MAX = 2 * 1024 * 1024;

/** Reads the size of a JPEG picture from its frame header (ITU-T T.81, B.2.2), without decoding it. */
export function readJpeg(bytes: Uint8Array): JpegVerdict {
  if (bytes.length > JPEG_BYTES_MAX) return refused(`it has ${bytes.length} bytes; at most ${JPEG_BYTES_MAX} are taken`);
  if (bytes[0] !== 0xff || bytes[1] !== START_OF_IMAGE) return refused('it does not begin like a JPEG picture');
  let at = 2;
  while (at + 4 <= bytes.length) {
    if (bytes[at] !== 0xff) return refused(`it is damaged at byte ${at}`);
    const marker = bytes[at + 1] ?? 0;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const length = word(bytes, at + 2);
    if (length < 2 || at + 2 + length > bytes.length) break;
    if (isFrameHeader(marker))
      return length < 8 ? refused('its frame header is too short') : sized(word(bytes, at + 7), word(bytes, at + 5), bytes);
    if (marker === START_OF_SCAN) return refused('it has no frame header before its picture');
    at += 2 + length;
  }
  return refused('it is cut short');
}

const START_OF_IMAGE = 0xd8;
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
/** In the range of frame headers, but tables and extensions. */
const NO_FRAME = [0xc4, 0xc8, 0xcc];

function isFrameHeader(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.includes(marker);
}

function sized(width: number, height: number, bytes: Uint8Array): JpegVerdict {
  const sideOk = (side: number): boolean => side >= JPEG_SIDE_MIN && side <= JPEG_SIDE_MAX;
  if (!sideOk(width) || !sideOk(height))
    return refused(`it is ${width}x${height} pixels; sides of ${JPEG_SIDE_MIN} to ${JPEG_SIDE_MAX} are taken`);
  if (bytes.at(-2) !== 0xff || bytes.at(-1) !== END_OF_IMAGE) return refused('it is cut short: its end marker is missing');
  return { kind: 'jpeg', width, height };
}

function word(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function refused(because: string): JpegVerdict {
  return { kind: 'refused', because };
}
