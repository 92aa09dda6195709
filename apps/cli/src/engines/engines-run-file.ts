import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isStateLocked } from '../state/state-lock.ts';
import type { EngineAddresses } from './engine-environment.ts';

/** Where the engines of a folder are, while they run. */
export type EnginesRun = {
  readonly pid: number;
  readonly folder: string;
  readonly engines: EngineAddresses;
  /** For `bioscope up`. */
  readonly environment: Readonly<Record<string, string>>;
};

export function writeEnginesRun(run: EnginesRun): void {
  const file = fileIn(run.folder);
  writeFileSync(`${file}.new`, JSON.stringify(run), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeEnginesRun(folder: string): void {
  rmSync(fileIn(folder), { force: true });
}

/** Null when no engines run there: the file of a killed process does not count. */
export function readEnginesRun(folder: string): EnginesRun | null {
  if (!isStateLocked(folder)) return null;
  try {
    return JSON.parse(readFileSync(fileIn(folder), 'utf8')) as EnginesRun;
  } catch {
    return null; // They are being started or stopped.
  }
}

function fileIn(folder: string): string {
  return join(folder, 'engines-run.json');
}
