import type { Colour, VideoStream } from './inspection.ts';
import type { ChunkPlan, EncodePlan } from './plan.ts';
import { frameUs } from './plan.ts';

/** A picture size to make, and the label of its output in the filter graph. */
export type PictureOutput = { readonly label: string; readonly width: number; readonly height: number };

/**
 * One filter graph from the source's picture to all outputs of a chunk: decoded once, put on the grid once, turned and deinterlaced once, then scaled
 * down step by step. The result is BT.709, limited range, 8 bits, 4:2:0, square pixels.
 */
export function pictureGraph(plan: EncodePlan, chunk: ChunkPlan, outputs: readonly PictureOutput[]): string {
  const largest = outputs.toSorted((left, right) => area(right) - area(left))[0];
  if (largest === undefined) throw new RangeError('a filter graph needs an output');
  const common = [...onGrid(plan, chunk), ...upright(plan.video.rotation), ...toStandardRange(plan.video, largest)];
  return [`[0:${plan.video.stream}]${common.join(',')}[p0]`, ...cascade(plan.video, outputs)].join(';');
}

/**
 * Each size is made from the next larger one, not from the source: half the work for the small ones, and in steps of less than two to one nothing
 * is lost that they could show.
 */
function cascade(video: EncodePlan['video'], outputs: readonly PictureOutput[]): readonly string[] {
  const descending = outputs.toSorted((left, right) => area(right) - area(left));
  return descending.map((output, index) => {
    const size = index === 0 ? toSize(video, output) : plainSize(output);
    const next = index + 1 < descending.length ? `,split=2[${output.label}][p${index + 1}]` : `[${output.label}]`;
    return `[p${index}]${size},setsar=1,format=yuv420p${next}`;
  });
}

function area({ width, height }: PictureOutput): number {
  return width * height;
}

/**
 * Frames `chunk.firstFrame` and on, each in its cell of the film's grid, whatever the source's clock: times are counted from the first picture in whole
 * microseconds, in which every chunk's start is exact, so that neighbouring chunks choose the same frame for the same cell. A missing tail is filled with
 * the last picture, for at most one GOP; the count of frames is checked afterwards.
 */
function onGrid(plan: EncodePlan, chunk: ChunkPlan): readonly string[] {
  const { numerator, denominator } = plan.frameRate;
  return [
    `setpts=PTS-(${plan.video.startTicks})`,
    'settb=AVTB',
    `setpts=PTS-${frameUs(chunk.firstFrame, plan.frameRate)}`,
    ...(plan.video.interlaced ? ['bwdif=mode=send_frame:parity=auto:deint=all'] : []),
    `fps=${numerator}/${denominator}:start_time=0:round=near`,
    `tpad=stop_mode=clone:stop=${plan.gopFrames}`,
    `trim=end_frame=${chunk.frames}`,
  ];
}

function upright(rotation: VideoStream['rotation']): readonly string[] {
  switch (rotation) {
    case 0:
      return [];
    case 90:
      return ['transpose=clock'];
    case 180:
      return ['hflip', 'vflip'];
    case 270:
      return ['transpose=cclock'];
    default:
      return rotation satisfies never;
  }
}

/**
 * High dynamic range is brought down to standard once, at the largest size needed, for it takes 16 bytes a pixel. Missing tags are filled in with what
 * the transfer function implies: zscale refuses to guess.
 */
function toStandardRange(video: EncodePlan['video'], largest: PictureOutput): readonly string[] {
  const { colour } = video;
  if (!isWide(colour)) return [];
  const transfer = { pq: 'smpte2084', hlg: 'arib-std-b67', standard: 'bt709' }[colour.dynamicRange];
  const tags = `setparams=color_primaries=bt2020:color_trc=${transfer}:colorspace=${colour.matrix ?? 'bt2020nc'}:range=${colour.range}`;
  const target = 'p=bt709:m=bt709:t=bt709:r=limited';
  if (colour.dynamicRange === 'standard') return [tags, `zscale=w=${largest.width}:h=${largest.height}:${target}`, 'format=yuv420p'];
  return [
    tags,
    `zscale=w=${largest.width}:h=${largest.height}:t=linear:npl=${REFERENCE_WHITE_NITS}`,
    'format=gbrpf32le',
    'zscale=p=bt709',
    'tonemap=tonemap=hable:desat=0',
    `zscale=${target}`,
    'format=yuv420p',
  ];
}

/** What a standard screen shows as white. */
const REFERENCE_WHITE_NITS = 100;

/** Film that only zimg converts rightly: other primaries or transfer than BT.709's. */
function isWide(colour: Colour): boolean {
  return colour.dynamicRange !== 'standard' || colour.primaries === 'bt2020';
}

function toSize(video: EncodePlan['video'], output: PictureOutput): string {
  const size = plainSize(output);
  if (isWide(video.colour)) return size;
  const [range, matrix] = [video.colour.range, scaleMatrix(video)];
  // Not even mentioned where nothing changes: then a picture that keeps its size passes without being copied.
  if (range === 'limited' && matrix === 'bt709') return size;
  return `${size}:in_range=${range}:out_range=limited:in_color_matrix=${matrix}:out_color_matrix=bt709`;
}

function plainSize({ width, height }: PictureOutput): string {
  return `scale=${width}:${height}:flags=bicubic`;
}

/** SD without tags is BT.601 by long custom, anything larger BT.709. */
function scaleMatrix({ colour, codedHeight }: EncodePlan['video']): string {
  switch (colour.matrix) {
    case 'bt709':
    case 'fcc':
    case 'smpte240m':
      return colour.matrix;
    case 'smpte170m':
    case 'bt470bg':
      return 'bt601';
    case 'bt2020nc':
    case 'bt2020c':
      return 'bt2020';
    case 'gbr':
      return 'bt709';
    case null:
    default:
      return codedHeight <= 576 ? 'bt601' : 'bt709';
  }
}

/** A graph that fills each output with the picture, cutting off what does not fit on both sides alike. Full range, as JPEG wants. */
export function coverGraph(plan: EncodePlan, outputs: readonly PictureOutput[]): string {
  const { video } = plan;
  const common = [
    ...upright(video.rotation),
    ...toStandardRange(video, { label: '', width: even(video.width), height: even(video.height) }),
  ];
  return [
    `[0:${video.stream}]${[...common, `split=${outputs.length}`].join(',')}${outputs.map((_, index) => `[s${index}]`).join('')}`,
    ...outputs.map((output, index) => {
      const scale = Math.max(output.width / video.width, output.height / video.height);
      const covering = { label: '', width: even(video.width * scale), height: even(video.height * scale) };
      return `[s${index}]${toSize(video, covering)},crop=${output.width}:${output.height},setsar=1,scale=in_range=limited:out_range=full,format=yuvj420p[${output.label}]`;
    }),
  ].join(';');
}

function even(value: number): number {
  return Math.ceil(value / 2) * 2;
}
