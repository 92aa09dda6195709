/** What a film may ask of us. Every number is a ceiling against hostile files; a real film stays far below. */
export type MediaLimits = {
  /** Pixels of one frame: 8192 x 4320. A frame of that size takes 140 MB while it is tone-mapped. */
  readonly pixelsMax: number;
  /** Shorter side of the picture. x264 needs whole macroblocks; what is smaller is an icon. */
  readonly sidePixelsMin: number;
  /** Twelve hours: longer than any film, shorter than a surveillance archive. */
  readonly durationMsMax: number;
  /** Streams of any kind; a film with forty languages of sound and text stays below. */
  readonly streamsMax: number;
  /** Video packets looked at: twelve hours at 120 frames per second. */
  readonly videoPacketsMax: number;
  /** One ffprobe over headers and the first frames. */
  readonly probe: ProcessLimits;
  /** One walk over all packets: bound by the disk, 100 GB at 100 MB/s. */
  readonly scan: ProcessLimits;
};

/** Ceilings of one child process. */
export type ProcessLimits = {
  /** Wall clock, then the whole process group is killed. */
  readonly wallMs: number;
  /** CPU seconds of all its threads (RLIMIT_CPU). */
  readonly cpuSeconds: number;
  /** Address space (RLIMIT_AS). x264 and its thread stacks reserve far more than they touch: 4 GiB at least for encoding. */
  readonly memoryBytes: number;
  /** Of any file that it writes (RLIMIT_FSIZE). */
  readonly fileBytes: number;
};

const GiB = 1024 ** 3;
const MiB = 1024 ** 2;

export const MEDIA_LIMITS: MediaLimits = {
  pixelsMax: 8192 * 4320,
  sidePixelsMin: 16,
  durationMsMax: 12 * 3600_000,
  streamsMax: 100,
  videoPacketsMax: 12 * 3600 * 120,
  probe: { wallMs: 20_000, cpuSeconds: 30, memoryBytes: 4 * GiB, fileBytes: MiB },
  scan: { wallMs: 20 * 60_000, cpuSeconds: 600, memoryBytes: 4 * GiB, fileBytes: MiB },
};

/** For work on `seconds` of film: slow machines and 4K tone mapping need up to 120 CPU seconds for each. */
export function encodeLimits(seconds: number): ProcessLimits {
  const cpuSeconds = Math.ceil(120 + seconds * 120);
  return { wallMs: cpuSeconds * 2000, cpuSeconds, memoryBytes: 12 * GiB, fileBytes: Math.ceil(64 * MiB + seconds * 32 * MiB) };
}

/** Bytes of error output kept, from its end: enough for the last messages, never a film's worth of warnings. */
export const STDERR_BYTES_MAX = 16 * 1024;
/** One line of ffprobe's output; metadata of hostile files may be long, what we ask for is not. */
export const LINE_BYTES_MAX = 64 * 1024;
