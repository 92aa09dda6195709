import { boxesIn, childrenOf, fieldsIn, only, versionAndFlags, type Box } from './boxes.ts';
import { PackagingFault } from './fault.ts';
import type { SampleDefaults, TrackHeader } from './track-header.ts';

/** One frame of picture or sound. `offset` is from the start of its file; durations and offsets in the track's timescale. */
export type Sample = {
  readonly offset: number;
  readonly bytes: number;
  readonly duration: number;
  /** Presentation minus decode time. */
  readonly compositionOffset: number;
  /** Sample flags of ISO/IEC 14496-12, 8.8.3.1. */
  readonly flags: number;
};
export type Fragment = { readonly decodeTime: number; readonly samples: readonly Sample[] };

/** Six hours of 48 kHz AAC in a single fragment; our encoder cuts every few seconds. */
const SAMPLES_PER_FRAGMENT_MAX = 1 << 20;

const NOT_SYNC = 0x1_0000;

/** Whether decoding can start at the sample. */
export function isSync(sample: Sample): boolean {
  return (sample.flags & NOT_SYNC) === 0;
}

/** Reads a whole `moof` box that begins at `fileOffset` of its file. Only the default-base-is-moof form is taken (CMAF, 7.5.13). */
export function readFragment(moofBytes: Buffer, fileOffset: number, header: TrackHeader): Fragment {
  const traf = only(childrenOf(only(boxesIn(moofBytes), 'moof', 'the fragment')), 'traf', 'moof');
  const boxes = childrenOf(traf);
  const defaults = readTrackFragmentHeader(only(boxes, 'tfhd', 'traf'), header);
  const samples: Sample[] = [];
  for (const trun of boxes) if (trun.type === 'trun') readRun(trun, fileOffset, defaults, samples);
  return { decodeTime: readDecodeTime(only(boxes, 'tfdt', 'traf')), samples };
}

function readTrackFragmentHeader(tfhd: Box, header: TrackHeader): SampleDefaults {
  const fields = fieldsIn(tfhd);
  const { flags } = versionAndFlags(fields);
  const trackId = fields.u32();
  if (trackId !== header.trackId)
    throw new PackagingFault('PACKAGE_MALFORMED', `a fragment of track ${trackId} in a file of track ${header.trackId}`);
  if ((flags & 0x01) !== 0 || (flags & 0x02_0000) === 0)
    throw new PackagingFault('PACKAGE_UNSUPPORTED', 'fragments that do not count offsets from their moof (default_base_moof)');
  if ((flags & 0x02) !== 0) fields.skip(4);
  return {
    duration: (flags & 0x08) !== 0 ? fields.u32() : header.defaults.duration,
    bytes: (flags & 0x10) !== 0 ? fields.u32() : header.defaults.bytes,
    flags: (flags & 0x20) !== 0 ? fields.u32() : header.defaults.flags,
  };
}

function readDecodeTime(tfdt: Box): number {
  const fields = fieldsIn(tfdt);
  return versionAndFlags(fields).version === 1 ? fields.u64() : fields.u32();
}

function readRun(trun: Box, fileOffset: number, defaults: SampleDefaults, into: Sample[]): void {
  const fields = fieldsIn(trun);
  const { version, flags } = versionAndFlags(fields);
  const has = {
    duration: (flags & 0x100) !== 0,
    bytes: (flags & 0x200) !== 0,
    flags: (flags & 0x400) !== 0,
    composition: (flags & 0x800) !== 0,
  };
  const count = fields.u32();
  if (into.length + count > SAMPLES_PER_FRAGMENT_MAX)
    throw new PackagingFault('PACKAGE_TOO_LARGE', `a fragment of more than ${SAMPLES_PER_FRAGMENT_MAX} samples`);
  if ((flags & 0x01) === 0) throw new PackagingFault('PACKAGE_UNSUPPORTED', 'a trun without a data offset');
  let offset = fileOffset + fields.i32();
  const firstFlags = (flags & 0x04) !== 0 ? fields.u32() : null;
  for (let index = 0; index < count; index += 1) {
    const duration = has.duration ? fields.u32() : defaults.duration;
    const bytes = has.bytes ? fields.u32() : defaults.bytes;
    const own = has.flags ? fields.u32() : defaults.flags;
    const compositionOffset = readComposition(has.composition, version, fields);
    into.push({ offset, bytes, duration, compositionOffset, flags: index === 0 && firstFlags !== null ? firstFlags : own });
    offset += bytes;
  }
}

function readComposition(present: boolean, version: number, fields: { i32(): number; u32(): number }): number {
  if (!present) return 0;
  return version === 0 ? fields.u32() : fields.i32();
}
