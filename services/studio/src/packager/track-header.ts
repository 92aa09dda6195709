import { boxAtPath, boxesIn, childrenOf, fieldsIn, only, versionAndFlags, words, writeBox, type Box } from './boxes.ts';
import { aacDescription, avcCodecString } from './codec-string.ts';
import { PackagingFault } from './fault.ts';

/** What a fragmented file says about its one track. */
export type TrackHeader = {
  readonly trackId: number;
  readonly timescale: number;
  readonly codecs: string;
  /** Sample durations, sizes and flags that fragments leave out. */
  readonly defaults: SampleDefaults;
} & (
  | { readonly kind: 'video'; readonly width: number; readonly height: number }
  | { readonly kind: 'audio'; readonly channels: number; readonly sampleRate: number }
);
export type SampleDefaults = { readonly duration: number; readonly bytes: number; readonly flags: number };

/** Reads a whole `moov` box with exactly one H.264 or AAC track. */
export function readTrackHeader(moovBytes: Buffer): TrackHeader {
  const moov = only(boxesIn(moovBytes), 'moov', 'the header');
  const trak = boxAtPath(moov, 'trak');
  const mdia = boxAtPath(trak, 'mdia');
  const entry = sampleEntry(boxAtPath(mdia, 'minf', 'stbl', 'stsd'));
  const common = {
    trackId: trackIdOf(boxAtPath(trak, 'tkhd')),
    timescale: timescaleOf(boxAtPath(mdia, 'mdhd')),
    defaults: defaultsOf(boxAtPath(moov, 'mvex', 'trex')),
  };
  if (entry.type === 'avc1') return { ...common, kind: 'video', ...readVideoEntry(entry) };
  if (entry.type === 'mp4a') return { ...common, kind: 'audio', ...readAudioEntry(entry) };
  throw new PackagingFault('PACKAGE_UNSUPPORTED', `a track of ${JSON.stringify(entry.type)}; avc1 and mp4a can be packaged`);
}

/**
 * `ftyp` + `moov` of the CMAF track (ISO/IEC 23000-19, 7.3 and 7.4): the encoder's moov without edit lists and user data, which would
 * shift or tell apart tracks that are alike, and with durations of zero, because fragments carry the time.
 */
export function writeTrackHeader(moovBytes: Buffer): Buffer {
  const ftyp = writeBox('ftyp', Buffer.from('iso6', 'latin1'), words(0), Buffer.from('iso6cmfcdash', 'latin1'));
  return Buffer.concat([ftyp, rewrite(only(boxesIn(moovBytes), 'moov', 'the header'))]);
}

const REWRITTEN = new Set(['moov', 'trak', 'mdia']);
const LEFT_OUT = new Set(['edts', 'udta', 'meta', 'mehd']);

/** Goes at most three levels down: the three names of `REWRITTEN` only nest in that order. */
function rewrite(box: Box, depth = 0): Buffer {
  if (REWRITTEN.has(box.type) && depth < REWRITTEN.size) {
    const kept = childrenOf(box).filter((child) => !LEFT_OUT.has(child.type));
    return writeBox(box.type, ...kept.map((child) => rewrite(child, depth + 1)));
  }
  const copy = Buffer.from(box.bytes.subarray(box.start, box.end));
  const body = box.body - box.start;
  const long = copy[body] === 1;
  if (box.type === 'mvhd' || box.type === 'mdhd') clear(copy, body + (long ? 24 : 16), long ? 8 : 4);
  if (box.type === 'tkhd') clear(copy, body + (long ? 28 : 20), long ? 8 : 4);
  return copy;
}

function clear(bytes: Buffer, from: number, count: number): void {
  if (from + count > bytes.length) throw new PackagingFault('PACKAGE_MALFORMED', 'a header box is too short for its duration');
  bytes.fill(0, from, from + count);
}

function sampleEntry(stsd: Box): Box {
  const fields = fieldsIn(stsd);
  fields.skip(4);
  const entries = fields.u32();
  const [entry] = childrenOf(stsd, 8);
  if (entry === undefined || entries !== 1)
    throw new PackagingFault('PACKAGE_UNSUPPORTED', `${entries} sample descriptions; one is wanted`);
  return entry;
}

function trackIdOf(tkhd: Box): number {
  const fields = fieldsIn(tkhd);
  fields.skip(versionAndFlags(fields).version === 1 ? 16 : 8);
  const id = fields.u32();
  if (id === 0) throw new PackagingFault('PACKAGE_MALFORMED', 'the track has the id 0');
  return id;
}

function timescaleOf(mdhd: Box): number {
  const fields = fieldsIn(mdhd);
  fields.skip(versionAndFlags(fields).version === 1 ? 16 : 8);
  const timescale = fields.u32();
  if (timescale === 0) throw new PackagingFault('PACKAGE_MALFORMED', 'the track has a timescale of 0');
  return timescale;
}

function defaultsOf(trex: Box): SampleDefaults {
  const fields = fieldsIn(trex);
  fields.skip(12);
  return { duration: fields.u32(), bytes: fields.u32(), flags: fields.u32() };
}

function readVideoEntry(entry: Box): { width: number; height: number; codecs: string } {
  const fields = fieldsIn(entry);
  fields.skip(24);
  const width = fields.u16();
  const height = fields.u16();
  if (width === 0 || height === 0) throw new PackagingFault('PACKAGE_MALFORMED', `a picture of ${width}x${height}`);
  const boxes = childrenOf(entry, VIDEO_ENTRY_BYTES);
  const pasp = boxes.find((box) => box.type === 'pasp');
  if (pasp !== undefined) {
    const spacing = fieldsIn(pasp);
    const [horizontal, vertical] = [spacing.u32(), spacing.u32()];
    if (horizontal !== vertical)
      throw new PackagingFault('PACKAGE_UNSUPPORTED', `pixels of ${horizontal}:${vertical}; square ones are wanted`);
  }
  return { width, height, codecs: avcCodecString(entry.type, only(boxes, 'avcC', entry.type)) };
}

function readAudioEntry(entry: Box): { channels: number; sampleRate: number; codecs: string } {
  const fields = fieldsIn(entry);
  fields.skip(16);
  const channels = fields.u16();
  fields.skip(6);
  const sampleRate = fields.u32() >>> 16;
  const aac = aacDescription(only(childrenOf(entry, AUDIO_ENTRY_BYTES), 'esds', entry.type));
  return { channels: aac.channels ?? channels, sampleRate: aac.sampleRate ?? sampleRate, codecs: aac.codecs };
}

/** Fields before the boxes of a visual and an audio sample entry (ISO/IEC 14496-12, 12.1.3 and 12.2.3). */
const VIDEO_ENTRY_BYTES = 78;
const AUDIO_ENTRY_BYTES = 28;
