import { h264Level, type H264Level } from './h264-level.ts';

/** One picture size of the ladder, with the ceiling that its bit rate may reach. */
export type LadderRung = {
  /** Such as "720p"; unique in the ladder, and a file name. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  /** Ceiling over any second (VBV rate); the buffer is twice as much. */
  readonly maxKbps: number;
  readonly bufferKbits: number;
  readonly level: H264Level;
};

/** Long and short side of each class. A film fits inside, so that wide films are as wide as others and portrait ones stand upright. */
const CLASSES = [
  { name: '240p', long: 426, short: 240 },
  { name: '360p', long: 640, short: 360 },
  { name: '480p', long: 854, short: 480 },
  { name: '540p', long: 960, short: 540 },
  { name: '720p', long: 1280, short: 720 },
  { name: '1080p', long: 1920, short: 1080 },
  { name: '1440p', long: 2560, short: 1440 },
  { name: '2160p', long: 3840, short: 2160 },
] as const;

/** A rung less than this much smaller than the one above is not worth its bytes. */
const STEP_SHARE_MAX = 0.87;
/** A source within this much of a class has that class's name. */
const CLASS_SHARE_SLACK = 0.05;

/**
 * The picture sizes for a source, ascending: never larger than it, its own size on top (at most 2160p), all sides even, the shape kept to the
 * nearest even pixel.
 */
export function ladderFor(film: {
  readonly width: number;
  readonly height: number;
  readonly perSecond: number;
  readonly allowed: readonly string[];
}): readonly LadderRung[] {
  const scales = CLASSES.map(({ name, long, short }) => ({
    name,
    scale: Math.min(long / Math.max(film.width, film.height), short / Math.min(film.width, film.height)),
  })).filter(({ name }) => film.allowed.includes(name));
  const largest = scales.at(-1);
  const top = largest === undefined || largest.scale > 1 ? ownSize(film, scales) : largest;
  const below = scales.filter(
    ({ scale }) => scale < top.scale * STEP_SHARE_MAX && Math.min(film.width, film.height) * scale >= SIDE_PIXELS_MIN,
  );
  return [...below, top].map(({ name, scale }) =>
    rung({ name, width: even(film.width, scale), height: even(film.height, scale), perSecond: film.perSecond }),
  );
}

/** One macroblock. */
const SIDE_PIXELS_MIN = 16;

type Scaled = { readonly name: string; readonly scale: number };

function ownSize(film: { readonly width: number; readonly height: number }, scales: readonly Scaled[]): Scaled {
  const named = scales.find(({ scale }) => Math.abs(scale - 1) <= CLASS_SHARE_SLACK);
  const [width, height] = [even(film.width, 1), even(film.height, 1)];
  const short = `${Math.min(width, height)}p`;
  // A long strip may have the short side of a class and not be of it.
  const own = CLASSES.some(({ name }) => name === short) ? `${width}x${height}` : short;
  return { name: named?.name ?? own, scale: 1 };
}

function rung(picture: { readonly name: string; readonly width: number; readonly height: number; readonly perSecond: number }): LadderRung {
  const maxKbps = ceilingKbps(picture);
  return {
    name: picture.name,
    width: picture.width,
    height: picture.height,
    maxKbps,
    bufferKbits: maxKbps * 2,
    level: h264Level({ ...picture, maxKbps }),
  };
}

/**
 * 5,800 kb/s at 1080p (the top of the long-used fixed ladders), less than in proportion to the pixels, for small pictures hold more detail for each;
 * half as much again above 30 frames per second. Rounded up to 50.
 */
function ceilingKbps({
  width,
  height,
  perSecond,
}: {
  readonly width: number;
  readonly height: number;
  readonly perSecond: number;
}): number {
  const share = (width * height) / (1920 * 1080);
  const kbps = 5800 * share ** 0.75 * (perSecond > 31 ? 1.5 : 1);
  return Math.max(100, Math.ceil(kbps / 50) * 50);
}

/** To the nearest even number, but never beyond the source, and never below what can be encoded (which bends pictures like tapes a little). */
function even(side: number, scale: number): number {
  return Math.min(Math.max(Math.round((side * scale) / 2) * 2, SIDE_PIXELS_MIN), Math.floor(side / 2) * 2);
}
