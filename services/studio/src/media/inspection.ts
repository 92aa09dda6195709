import type { Cadence } from './cadence.ts';
import type { Container } from './sniff.ts';

/** What a film file holds, as far as preparing it needs. Plain data: it can be kept as JSON. */
export type Inspection = {
  readonly container: Container;
  readonly bytes: number;
  /** From the first picture to the end of the last one that can be decoded. */
  readonly durationMs: number;
  readonly video: VideoStream;
  readonly audio: readonly AudioStream[];
  readonly text: readonly TextStream[];
  /** What was odd, and what is done about it. */
  readonly warnings: readonly InspectionWarning[];
};

export type VideoStream = {
  /** Index in the file, as ffmpeg counts. */
  readonly stream: number;
  readonly codec: string;
  /** As coded, before rotation and with the pixels' own shape. */
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** As shown: rotated, with square pixels. */
  readonly width: number;
  readonly height: number;
  /** Clockwise turn that the player is asked for. */
  readonly rotation: 0 | 90 | 180 | 270;
  readonly pixelFormat: string;
  readonly bitDepth: number;
  readonly interlaced: boolean;
  readonly colour: Colour;
  readonly cadence: Cadence;
  /** Seconds of one tick of the stream's clock, and the time of the first picture in ticks: zero of the film. */
  readonly timeBase: { readonly numerator: number; readonly denominator: number };
  readonly startTicks: number;
  /** Key frames, in microseconds of the film, ascending, at most one for each second: where decoding can begin. */
  readonly keyFramesUs: readonly number[];
};

/** Names as ffmpeg prints them; null where the file does not say. */
export type Colour = {
  readonly range: 'limited' | 'full';
  readonly matrix: string | null;
  readonly primaries: string | null;
  readonly transfer: string | null;
  readonly dynamicRange: 'standard' | 'pq' | 'hlg';
};

export type AudioStream = {
  readonly stream: number;
  readonly codec: string;
  readonly channels: number;
  readonly sampleRate: number;
  /** BCP 47, "und" when not known. */
  readonly language: string;
  /** Empty when the file gives none. */
  readonly title: string;
  readonly isDefault: boolean;
  /** Where its sound begins and ends on the film's clock. */
  readonly startMs: number;
  readonly endMs: number;
};

export type TextStream = {
  readonly stream: number;
  readonly codec: string;
  readonly language: string;
  readonly title: string;
  readonly isDefault: boolean;
  readonly forced: boolean;
  /** For the hard of hearing: sounds are described. */
  readonly captions: boolean;
  /** False for pictures of text (DVD, Blu-ray, DVB), which cannot become WebVTT. */
  readonly convertible: boolean;
};

export const WARNING_CODES = [
  'truncated',
  'variable_frame_rate',
  'no_audio',
  'audio_ends_early',
  'audio_runs_on',
  'colour_unknown',
  'text_not_convertible',
  'extra_video_ignored',
  'second_parser_silent',
] as const;
export type InspectionWarning = { readonly code: (typeof WARNING_CODES)[number]; readonly message: string };
