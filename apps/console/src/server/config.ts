import path from 'node:path';

export type ConsoleConfig = {
  /** Folder of the built app (`vite build`). */
  readonly folder: string;
};

/** `BIOSCOPE_CONSOLE_FOLDER` takes the place of the app that is built beside this unit. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): ConsoleConfig {
  const given = environment['BIOSCOPE_CONSOLE_FOLDER'];
  return { folder: given === undefined || given === '' ? path.join(import.meta.dirname, '../../dist') : path.resolve(given) };
}
