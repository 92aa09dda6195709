import { words, writeBox } from './boxes.ts';
import type { Sample } from './fragment.ts';

/** How the samples of one segment are listed; decided before the segment is written, so that the index can stand before it. */
export type SegmentLayout = {
  readonly kind: 'video' | 'audio';
  readonly samples: number;
  /** Of the first sample, in ticks. */
  readonly sampleTicks: number;
  /** Whether all samples last `sampleTicks`. */
  readonly even: boolean;
};

/** Bytes of what `writeSegmentHead` writes. */
export function segmentHeadBytes(layout: SegmentLayout): number {
  return FIXED_BYTES + 4 * layout.samples * wordsPerSample(layout);
}

/**
 * `moof` + the header of its `mdat` for one segment of one track. Pictures list flags and composition offsets of every sample, sound has
 * neither, so equal samples give equal bytes however the encoder had cut its fragments.
 */
export function writeSegmentHead(
  segment: SegmentLayout & {
    readonly trackId: number;
    /** From 1. */
    readonly sequence: number;
    readonly decodeTime: number;
    readonly list: readonly Sample[];
  },
): Buffer {
  const { kind, even, list } = segment;
  const perSample = list.flatMap((sample) => [
    ...(even ? [] : [sample.duration]),
    sample.bytes,
    ...(kind === 'video' ? [sample.flags, sample.compositionOffset] : []),
  ]);
  const trunFlags = 0x0100_0201 + (even ? 0 : 0x100) + (kind === 'video' ? 0xc00 : 0);
  const headBytes = segmentHeadBytes(segment);
  const moof = writeBox(
    'moof',
    writeBox('mfhd', words(0, segment.sequence)),
    writeBox(
      'traf',
      writeBox('tfhd', words(0x02_0028, segment.trackId, segment.sampleTicks, INDEPENDENT)),
      writeBox('tfdt', words(0x0100_0000, Math.floor(segment.decodeTime / 2 ** 32), segment.decodeTime % 2 ** 32)),
      writeBox('trun', words(trunFlags, list.length, headBytes, ...perSample)),
    ),
  );
  const mdatBytes = list.reduce((sum, sample) => sum + sample.bytes, 8);
  return Buffer.concat([moof, words(mdatBytes), Buffer.from('mdat', 'latin1')]);
}

/** moof, mfhd, traf, tfhd, tfdt, the fixed part of trun, and the header of mdat. */
const FIXED_BYTES = 8 + 16 + 8 + 24 + 20 + 20 + 8;
/** Sample flags: depends on no other sample; a sync sample. */
const INDEPENDENT = 0x0200_0000;

function wordsPerSample(layout: SegmentLayout): number {
  return 1 + (layout.even ? 0 : 1) + (layout.kind === 'video' ? 2 : 0);
}

/** One `sidx` box over all segments, each beginning with a sync sample (ISO/IEC 14496-12, 8.16.3). */
export function writeIndex(track: {
  readonly trackId: number;
  readonly timescale: number;
  readonly segmentBytes: readonly number[];
  readonly segmentDurations: readonly number[];
}): Buffer {
  const references = track.segmentBytes.flatMap((bytes, index) => [bytes, track.segmentDurations[index] ?? 0, STARTS_WITH_SYNC]);
  return writeBox('sidx', words(0, track.trackId, track.timescale, 0, 0, track.segmentBytes.length, ...references));
}

/** starts_with_SAP = 1, SAP_type = 1. */
const STARTS_WITH_SYNC = 0x9000_0000;
