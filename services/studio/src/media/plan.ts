import { planAudio, planText, type AudioPlan, type TextPlan } from './plan-tracks.ts';
import { framesPerSecond, type FrameRate } from './rates.ts';
import type { Inspection, VideoStream } from './inspection.ts';
import { ladderFor, type LadderRung } from './ladder.ts';
import type { Container } from './sniff.ts';

/** Everything that encoding needs to know; pure data made from an inspection, so that any machine makes the same pieces from it. */
export type EncodePlan = {
  readonly container: Container;
  readonly video: Omit<VideoStream, 'keyFramesUs'>;
  readonly frameRate: FrameRate;
  /** Ticks per second of every video track; a frame is a whole number of them. */
  readonly timescale: number;
  readonly frames: number;
  /** `frames` at `frameRate`; the audio tracks are as long. */
  readonly durationMs: number;
  readonly gopFrames: number;
  readonly framesPerSegment: number;
  readonly segments: number;
  readonly preset: string;
  readonly crf: number;
  /** Ascending. */
  readonly rungs: readonly LadderRung[];
  /** Encoded in this order; the film can be played after the first. */
  readonly groups: readonly RungGroup[];
  readonly chunks: readonly ChunkPlan[];
  readonly audio: readonly AudioPlan[];
  readonly text: readonly TextPlan[];
  readonly storyboard: StoryboardPlan;
};
export type RungGroup = { readonly name: 'low' | 'high'; readonly rungs: readonly string[] };
/** Frames `firstFrame` to `firstFrame + frames - 1` of the film's grid. `seekUs`: the key frame to decode from, null: from the start. */
export type ChunkPlan = { readonly index: number; readonly firstFrame: number; readonly frames: number; readonly seekUs: number | null };
export type StoryboardPlan = {
  readonly everyMs: number;
  readonly thumbnails: number;
  readonly columns: number;
  readonly rows: number;
  readonly width: number;
  readonly height: number;
};

export type EncodePolicy = {
  /** Length of the pieces that are encoded, kept and never redone; rounded to whole segments. */
  readonly chunkSeconds: number;
  /** Keep sound of six channels and more as 5.1 beside the stereo mix. */
  readonly surround: boolean;
  /** x264's constant quality, under the ceiling of each rung. */
  readonly crf: number;
  readonly preset: string;
  /** Names of the standard rungs that may be used. */
  readonly rungs: readonly string[];
};

export const ENCODE_POLICY: EncodePolicy = {
  chunkSeconds: 60,
  surround: true,
  crf: 23,
  preset: 'veryfast',
  rungs: ['240p', '360p', '540p', '720p', '1080p', '1440p', '2160p'],
};

const GOP_SECONDS = 2;
const GOPS_PER_SEGMENT = 2;
/** Rungs encoded first: the smallest, which are also the quickest. */
const LOW_RUNGS = 2;

/**
 * Decides grid, ladder, chunks and tracks. Every rung has the same frames: GOPs of 2 s, segments of two GOPs, chunks of whole segments, all counted
 * in frames, so that switching and joining are exact at any rate.
 */
export function planEncode(inspection: Inspection, policy: Partial<EncodePolicy> = {}): EncodePlan {
  const { chunkSeconds, surround, crf, preset, rungs: allowed } = { ...ENCODE_POLICY, ...policy };
  const { keyFramesUs, ...video } = inspection.video;
  const frameRate = video.cadence.rate;
  const perSecond = framesPerSecond(frameRate);
  const gopFrames = Math.round(perSecond * GOP_SECONDS);
  const framesPerSegment = gopFrames * GOPS_PER_SEGMENT;
  const frames = Math.max(1, Math.round((inspection.durationMs / 1000) * perSecond));
  const durationMs = Math.round((frames / perSecond) * 1000);
  const rungs = ladderFor({ width: video.width, height: video.height, perSecond, allowed });
  return {
    container: inspection.container,
    video,
    frameRate,
    timescale: frameRate.denominator === 1001 ? frameRate.numerator : (frameRate.numerator * 1000) / frameRate.denominator,
    frames,
    durationMs,
    gopFrames,
    framesPerSegment,
    segments: Math.ceil(frames / framesPerSegment),
    preset,
    crf,
    rungs,
    groups: groupsOf(rungs.map(({ name }) => name)),
    chunks: chunksOf({
      frames,
      framesPerSegment,
      frameRate,
      keyFramesUs,
      chunkSeconds,
      leadFrames: video.interlaced ? DEINTERLACE_LEAD_FRAMES : 0,
    }),
    audio: planAudio(inspection.audio, surround),
    text: planText(inspection.text),
    storyboard: planStoryboard({ durationMs, width: video.width, height: video.height }),
  };
}

function groupsOf(names: readonly string[]): readonly RungGroup[] {
  const low = { name: 'low', rungs: names.slice(0, LOW_RUNGS) } as const;
  const high = { name: 'high', rungs: names.slice(LOW_RUNGS) } as const;
  return high.rungs.length > 0 ? [low, high] : [low];
}

/** The deinterlacer looks at the fields before and after. */
const DEINTERLACE_LEAD_FRAMES = 3;

function chunksOf(film: {
  readonly frames: number;
  readonly framesPerSegment: number;
  readonly frameRate: FrameRate;
  readonly keyFramesUs: readonly number[];
  readonly chunkSeconds: number;
  readonly leadFrames: number;
}): readonly ChunkPlan[] {
  const segmentSeconds = film.framesPerSegment / framesPerSecond(film.frameRate);
  const size = Math.max(1, Math.round(film.chunkSeconds / segmentSeconds)) * film.framesPerSegment;
  return Array.from({ length: Math.ceil(film.frames / size) }, (_, index) => {
    const firstFrame = index * size;
    const needUs = frameUs(firstFrame - film.leadFrames, film.frameRate);
    const seekUs = index === 0 ? null : (film.keyFramesUs.findLast((us) => us <= needUs) ?? null);
    return { index, firstFrame, frames: Math.min(size, film.frames - firstFrame), seekUs };
  });
}

/** When a frame of the grid is shown, in microseconds; exact at the bounds of segments, for every standard rate. */
export function frameUs(frame: number, rate: FrameRate): number {
  return Math.round((frame * rate.denominator * 1e6) / rate.numerator);
}

const THUMBNAIL_LONG_SIDE = 160;
const SHEET_COLUMNS = 5;
const SHEET_ROWS = 5;
/** A picture every two seconds (each is a key frame), or rarer, so that a long film's preview stays below forty sheets. */
const THUMBNAILS_MAX = 1000;

function planStoryboard(film: { readonly durationMs: number; readonly width: number; readonly height: number }): StoryboardPlan {
  const gops = Math.max(1, Math.ceil(film.durationMs / (GOP_SECONDS * 1000)));
  const stride = Math.ceil(gops / THUMBNAILS_MAX);
  const scale = THUMBNAIL_LONG_SIDE / Math.max(film.width, film.height);
  return {
    everyMs: stride * GOP_SECONDS * 1000,
    thumbnails: Math.ceil(gops / stride),
    columns: SHEET_COLUMNS,
    rows: SHEET_ROWS,
    width: evenAtLeast(film.width * scale, 16),
    height: evenAtLeast(film.height * scale, 16),
  };
}

function evenAtLeast(value: number, least: number): number {
  return Math.max(least, Math.round(value / 2) * 2);
}
