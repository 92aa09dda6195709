import path from 'node:path';

export type StudioConfig = {
  /** Uploads and work in progress lie below it. */
  readonly folder: string;
  /** Encoders at once. One already uses every core of a small machine. */
  readonly encodesMax: number;
  readonly uploadBytesMax: number;
  /** An upload that is not imported is deleted this long after its last byte came. */
  readonly uploadKeptMs: number;
  /** Uploads that are begun and not imported, at once. */
  readonly uploadsMax: number;
  /** Left free on the disk when an upload is let in. */
  readonly diskReserveBytes: number;
  /** How long the first edition stays on the appliances after the whole one is there: sessions still play it. */
  readonly releaseAfterMs: number;
  readonly leaseMs: number;
  readonly chunkSeconds: number;
  /** Of this software, for the history of schemas. */
  readonly release: string;
};

type Environment = Readonly<Record<string, string | undefined>>;
const HOUR_MS = 3_600_000;
const GIB = 1024 ** 3;

/** Reads the settings; complains about all problems at once. */
export function readConfig(environment: Environment): StudioConfig {
  const problems: string[] = [];
  const data = environment.BIOSCOPE_DATA ?? '';
  if (data === '') problems.push('BIOSCOPE_DATA must name the folder for all state');
  const number = (name: string, otherwise: number, { min, max }: { min: number; max: number }): number => {
    const text = environment[name];
    if (text === undefined || text === '') return otherwise;
    const value = Number(text);
    if (Number.isFinite(value) && value >= min && value <= max) return value;
    problems.push(`${name} must be a number from ${min} to ${max}, not ${JSON.stringify(text)}`);
    return otherwise;
  };
  const config: StudioConfig = {
    folder: path.join(data, 'studio'),
    encodesMax: Math.trunc(number('BIOSCOPE_STUDIO_ENCODES', 1, { min: 1, max: 64 })),
    uploadBytesMax: number('BIOSCOPE_STUDIO_UPLOAD_GIB', 200, { min: 0.001, max: 10_000 }) * GIB,
    uploadKeptMs: number('BIOSCOPE_STUDIO_UPLOAD_HOURS', 48, { min: 0.01, max: 24 * 365 }) * HOUR_MS,
    uploadsMax: 1_000,
    diskReserveBytes: number('BIOSCOPE_STUDIO_RESERVE_GIB', 0.5, { min: 0, max: 10_000 }) * GIB,
    releaseAfterMs: number('BIOSCOPE_STUDIO_RELEASE_MINUTES', 12 * 60, { min: 0, max: 24 * 60 }) * 60_000,
    leaseMs: number('BIOSCOPE_STUDIO_LEASE_SECONDS', 6, { min: 0.5, max: 600 }) * 1_000,
    chunkSeconds: number('BIOSCOPE_STUDIO_CHUNK_SECONDS', 60, { min: 4, max: 600 }),
    release: environment.BIOSCOPE_VERSION ?? 'unknown',
  };
  if (problems.length > 0) throw new Error(`The studio cannot start: ${problems.join('; ')}.`);
  return config;
}
