import { PackagingFault } from './fault.ts';
import { isSync, type Sample } from './fragment.ts';
import type { TrackHeader } from './track-header.ts';

/** The one segment grid of an edition: every rung is cut at the same frames, sound at its nearest frame. */
export type SegmentGrid = {
  /** Frames per second; whole numbers, so that 24000/1001 is exact. */
  readonly frameRate: { readonly numerator: number; readonly denominator: number };
  readonly framesPerSegment: number;
  /** How many frames the whole picture has: held against what the pieces hold, and where sound ends its cuts. Absent: by each track's own length. */
  readonly frames?: number;
};

/** A segment as its samples add up. `bytes` are those of the samples alone; `sampleTicks` that of the first; `even`: all last that long. */
export type SegmentShape = {
  readonly samples: number;
  readonly bytes: number;
  readonly duration: number;
  readonly sampleTicks: number;
  readonly even: boolean;
};
type Growing = { -readonly [K in keyof SegmentShape]: SegmentShape[K] };

/** The sidx box counts its references in 16 bits: three days in segments of 4 s. */
const SEGMENTS_MAX = 65_535;
/** Four seconds at 500 Mbit/s; a segment is held in memory while it is written. */
const SEGMENT_BYTES_MAX = 256 * 1024 * 1024;

/** Collects samples in decode order into segments of the grid. Pure: it keeps sums, no bytes. */
export type SegmentTable = {
  add(sample: Sample): void;
  /** Decode time of the next sample. */
  readonly nextTime: () => number;
  finish(): readonly SegmentShape[];
};

export function segmentTable(header: TrackHeader, grid: SegmentGrid): SegmentTable {
  checkGrid(grid);
  const startsSegment = header.kind === 'video' ? videoCuts(header.timescale, grid) : audioCuts(header.timescale, grid);
  /** Its picture already decided where the last cut is. */
  const isFollower = header.kind === 'audio' && grid.frames !== undefined;
  const segments: Growing[] = [];
  let index = 0;
  let time = 0;
  return {
    add(sample) {
      if (sample.duration === 0) throw new PackagingFault('PACKAGE_MALFORMED', `sample ${index} has a duration of 0`);
      if (startsSegment({ sample, index, time, segments: segments.length }))
        segments.push({ samples: 0, bytes: 0, duration: 0, sampleTicks: sample.duration, even: true });
      const segment = segments.at(-1);
      if (segment === undefined) throw new PackagingFault('PACKAGE_OFF_GRID', 'the first sample does not begin a segment');
      segment.samples += 1;
      segment.bytes += sample.bytes;
      segment.duration += sample.duration;
      segment.even &&= sample.duration === segment.sampleTicks;
      if (segments.length > SEGMENTS_MAX) throw new PackagingFault('PACKAGE_TOO_LARGE', `more than ${SEGMENTS_MAX} segments`);
      if (segment.bytes > SEGMENT_BYTES_MAX)
        throw new PackagingFault('PACKAGE_TOO_LARGE', `segment ${segments.length} has more than ${SEGMENT_BYTES_MAX} bytes`);
      index += 1;
      time += sample.duration;
    },
    nextTime: () => time,
    finish() {
      if (segments.length === 0) throw new PackagingFault('PACKAGE_UNSUPPORTED', 'the pieces hold no samples');
      if (header.kind === 'video' && index !== (grid.frames ?? index))
        throw new PackagingFault('PACKAGE_OFF_GRID', `the pieces hold ${index} frames; the grid wants ${grid.frames}`);
      return isFollower ? segments : foldShortTail(segments, segmentTicks(header.timescale, grid) / 2);
    },
  };
}

type CutQuestion = { readonly sample: Sample; readonly index: number; readonly time: number; readonly segments: number };

/**
 * Every `framesPerSegment` frames. A picture is held to the grid strictly: constant frame duration, a sync sample at each cut, and no
 * frame shown outside the segment that carries it (closed groups of pictures), or switching rungs would show holes.
 */
function videoCuts(timescale: number, grid: SegmentGrid): (question: CutQuestion) => boolean {
  const frameTicks = (timescale * grid.frameRate.denominator) / grid.frameRate.numerator;
  if (!Number.isInteger(frameTicks))
    throw new PackagingFault(
      'PACKAGE_OFF_GRID',
      `a frame lasts ${frameTicks} ticks of a timescale of ${timescale}; it must be a whole number`,
    );
  return ({ sample, index, time }) => {
    if (sample.duration !== frameTicks)
      throw new PackagingFault('PACKAGE_OFF_GRID', `frame ${index} lasts ${sample.duration} ticks; the grid wants ${frameTicks}`);
    const inSegment = index % grid.framesPerSegment;
    if (inSegment === 0 && !isSync(sample))
      throw new PackagingFault('PACKAGE_OFF_GRID', `frame ${index} begins a segment but is no key frame`);
    const shownAt = inSegment * frameTicks + sample.compositionOffset;
    if (shownAt < 0 || shownAt >= grid.framesPerSegment * frameTicks || (inSegment === 0 && shownAt !== 0))
      throw new PackagingFault(
        'PACKAGE_OFF_GRID',
        `frame ${index}, decoded at ${time}, is shown outside its segment (open GOP or positive offsets)`,
      );
    return inSegment === 0;
  };
}

/** A sound frame begins segment k when its start is nearest to the k-th cut of the picture. */
function audioCuts(timescale: number, grid: SegmentGrid): (question: CutQuestion) => boolean {
  const segmentsMax = grid.frames === undefined ? Number.POSITIVE_INFINITY : pictureSegments(grid.frames, grid.framesPerSegment);
  return ({ sample, time, segments }) =>
    segments === 0 || (segments < segmentsMax && 2 * time + sample.duration >= 2 * cutTime(segments, timescale, grid));
}

/** How many segments a picture of so many frames has, its short tail folded in. */
function pictureSegments(frames: number, framesPerSegment: number): number {
  const tail = frames % framesPerSegment;
  const whole = (frames - tail) / framesPerSegment;
  return whole > 0 && 2 * tail < framesPerSegment ? whole : whole + 1;
}

/** When the k-th segment of the grid begins, in ticks, rounded. */
function cutTime(segment: number, timescale: number, grid: SegmentGrid): number {
  return Math.round(segment * segmentTicks(timescale, grid));
}

function segmentTicks(timescale: number, grid: SegmentGrid): number {
  return (grid.framesPerSegment * grid.frameRate.denominator * timescale) / grid.frameRate.numerator;
}

/**
 * A tail shorter than half a segment joins the segment before it: a request for one frame costs as much as one for four seconds, and the
 * bit rate of a lone key frame would stand as the peak of the whole rung.
 */
function foldShortTail(segments: readonly SegmentShape[], shortTicks: number): readonly SegmentShape[] {
  const tail = segments.at(-1);
  const before = segments.at(-2);
  if (tail === undefined || before === undefined || tail.duration >= shortTicks) return segments;
  const joined = {
    samples: before.samples + tail.samples,
    bytes: before.bytes + tail.bytes,
    duration: before.duration + tail.duration,
    sampleTicks: before.sampleTicks,
    even: before.even && tail.even && before.sampleTicks === tail.sampleTicks,
  };
  return [...segments.slice(0, -2), joined];
}

function checkGrid(grid: SegmentGrid): void {
  const { numerator, denominator } = grid.frameRate;
  for (const [name, value] of Object.entries({
    numerator,
    denominator,
    framesPerSegment: grid.framesPerSegment,
    frames: grid.frames ?? 1,
  }))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new PackagingFault('PACKAGE_OFF_GRID', `grid ${name} is ${value}; a whole number from 1 is wanted`);
}
