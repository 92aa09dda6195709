import { join } from 'node:path';

/** Settings of the studio. */
export type StudioConfig = {
  /** Holds `uploads/` and `work/`. */
  readonly folder: string;
  readonly uploadBytesMax: number;
  /** An upload that nobody finished or imported is deleted after this. */
  readonly uploadLifeMs: number;
  /** Steps at once. Two by default: while one film's edition is filled, the next chunk is encoded. */
  readonly parallelMax: number;
  /** Length of the pieces that are encoded, kept and never redone. */
  readonly chunkSeconds: number;
  /** How long sessions may go on with the first edition after the full one replaced it. */
  readonly firstEditionKeptMs: number;
};

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws one error that names every setting that is wrong. */
export function readConfig(environment: Environment): StudioConfig {
  const problems: string[] = [];
  const whole = (name: string, otherwise: number, min: number, max: number): number => {
    const text = environment[name];
    if (text === undefined || text === '') return otherwise;
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    problems.push(`${name} is ${JSON.stringify(text)}; a whole number from ${min} to ${max} is wanted`);
    return otherwise;
  };
  const folder = environment['BIOSCOPE_DATA'] ?? '';
  if (folder === '') problems.push('BIOSCOPE_DATA is not set; the state folder is wanted');
  const config: StudioConfig = {
    folder,
    uploadBytesMax: whole('BIOSCOPE_UPLOAD_GIB_MAX', 200, 1, 10_000) * 2 ** 30,
    uploadLifeMs: whole('BIOSCOPE_UPLOAD_HOURS', 48, 1, 10_000) * 3_600_000,
    parallelMax: whole('BIOSCOPE_STUDIO_STEPS_MAX', 2, 1, 256),
    chunkSeconds: whole('BIOSCOPE_CHUNK_SECONDS', 60, 4, 3_600),
    firstEditionKeptMs: whole('BIOSCOPE_FIRST_EDITION_MINUTES', 15, 0, 10_000) * 60_000,
  };
  if (problems.length > 0) throw new Error(`studio cannot start: ${problems.join('; ')}`);
  return config;
}

/** Where a work keeps its pieces until it is done. */
export function scratchFolder(config: Pick<StudioConfig, 'folder'>, workId: string): string {
  return join(config.folder, 'work', workId);
}
