import path from 'node:path';

export type WebConfig = {
  /** Folder of the built app (`vite build`). */
  readonly folder: string;
};

/** `BIOSCOPE_WEB_FOLDER` takes the place of the app that is built beside this unit. */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): WebConfig {
  const given = environment['BIOSCOPE_WEB_FOLDER'];
  return { folder: given === undefined || given === '' ? path.join(import.meta.dirname, '../../dist') : path.resolve(given) };
}
