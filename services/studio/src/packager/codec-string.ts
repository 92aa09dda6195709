import type { Box } from './boxes.ts';
import { fieldsIn } from './boxes.ts';
import { PackagingFault } from './fault.ts';
import { fieldsOf, type Fields } from './fields.ts';

/** RFC 6381 name of an H.264 track from its avcC box, such as "avc1.64001f" (ISO/IEC 14496-15, 5.3.3.1). */
export function avcCodecString(sampleEntry: string, avcC: Box): string {
  const fields = fieldsIn(avcC);
  const version = fields.u8();
  if (version !== 1) throw new PackagingFault('PACKAGE_UNSUPPORTED', `avcC has version ${version}; 1 is known`);
  return `${sampleEntry}.${fields.take(3).toString('hex')}`;
}

export type AacDescription = { readonly codecs: string; readonly channels: number | null; readonly sampleRate: number | null };

/** RFC 6381 name, channels and rate of an AAC track from its esds box (ISO/IEC 14496-1, 7.2.6; 14496-3, 1.6.2.1). Null: stated elsewhere. */
export function aacDescription(esds: Box): AacDescription {
  const fields = fieldsIn(esds);
  fields.skip(4);
  const stream = descriptor(fields, ES_DESCRIPTOR);
  stream.skip(2);
  const flags = stream.u8();
  if ((flags & 0x80) !== 0) stream.skip(2);
  if ((flags & 0x40) !== 0) stream.skip(stream.u8());
  if ((flags & 0x20) !== 0) stream.skip(2);
  const decoder = descriptor(stream, DECODER_CONFIG);
  const objectType = decoder.u8();
  if (objectType !== MPEG4_AUDIO)
    throw new PackagingFault('PACKAGE_UNSUPPORTED', `audio object type 0x${objectType.toString(16)}; AAC is wanted`);
  decoder.skip(12);
  const config = descriptor(decoder, DECODER_SPECIFIC);
  const first = config.u16();
  const kind = first >> 11;
  if (kind === 0 || kind === 31) throw new PackagingFault('PACKAGE_UNSUPPORTED', 'AAC of an extended object type');
  return {
    codecs: `mp4a.40.${kind}`,
    channels: CHANNELS[(first >> 3) & 15] ?? null,
    sampleRate: SAMPLE_RATES[(first >> 7) & 15] ?? null,
  };
}

const ES_DESCRIPTOR = 3;
const DECODER_CONFIG = 4;
const DECODER_SPECIFIC = 5;
const MPEG4_AUDIO = 0x40;
/** By channelConfiguration; 0 means "stated in the stream". */
const CHANNELS = [null, 1, 2, 3, 4, 5, 6, 8];
const SAMPLE_RATES = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

/** A descriptor's length is up to four bytes of seven bits. */
function descriptor(from: Fields, tag: number): Fields {
  const found = from.u8();
  if (found !== tag) throw new PackagingFault('PACKAGE_MALFORMED', `esds has descriptor ${found} where ${tag} belongs`);
  let length = 0;
  for (let index = 0; index < 4; index += 1) {
    const byte = from.u8();
    length = length * 128 + (byte & 0x7f);
    if ((byte & 0x80) === 0) break;
  }
  const body = from.take(length);
  return fieldsOf(body, 0, body.length, 'esds');
}
