import { existsSync } from 'node:fs';
import path from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

export type WebConfig = {
  /** Folder of the built app (`vite build`). */
  readonly folder: string;
  /** What the page is told of the service. */
  readonly settings: PageSettings;
};

export type PageSettings = {
  /** `none`: an open service without accounts. */
  readonly members: 'required' | 'none';
};

/** `BIOSCOPE_WEB_FOLDER` takes the place of the app that is built beside this unit. */
export function readConfig(environment: Environment): WebConfig {
  const members = environment['BIOSCOPE_MEMBERS'] || 'required';
  if (members !== 'required' && members !== 'none')
    throw new Error(`web cannot start: BIOSCOPE_MEMBERS is ${JSON.stringify(members)}; "required" or "none" is wanted`);
  return { folder: folderOf(environment), settings: { members } };
}

/** The operations that the built app asks of the graph; undefined while there is no build. */
export function webOperationsFile(environment: Environment): string | undefined {
  const file = path.join(folderOf(environment), 'operations.json');
  return existsSync(file) ? file : undefined;
}

function folderOf(environment: Environment): string {
  const given = environment['BIOSCOPE_WEB_FOLDER'];
  return given === undefined || given === '' ? path.join(import.meta.dirname, '../../dist') : path.resolve(given);
}
