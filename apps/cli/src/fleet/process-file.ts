import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROCESSES_FOLDER } from './folders.ts';

/** What a process of the fleet says of itself while it can be used. */
export type ProcessFile = {
  /** Unique among those that run: the place, with the start's own number. */
  readonly name: string;
  readonly place: string;
  readonly pid: number;
  readonly region: string;
  readonly zone: string;
  readonly units: readonly string[];
  /** `host:port` of /healthz, /readyz and /metrics. */
  readonly operations: string;
  readonly startedAtMs: number;
};

export function writeProcessFile(folder: string, file: ProcessFile): void {
  const path = fileOf(folder, file.name);
  mkdirSync(join(folder, PROCESSES_FOLDER), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.new`, JSON.stringify(file), { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

export function removeProcessFile(folder: string, name: string): void {
  rmSync(fileOf(folder, name), { force: true });
}

/** Of killed processes too, until the fleet cleans up after them: look whether the pid lives. */
export function readProcessFiles(folder: string): readonly ProcessFile[] {
  let names: readonly string[];
  try {
    names = readdirSync(join(folder, PROCESSES_FOLDER));
  } catch {
    return []; // No process has started yet.
  }
  return names.filter((name) => name.endsWith('.json')).flatMap((name) => readOne(join(folder, PROCESSES_FOLDER, name)));
}

function readOne(path: string): readonly ProcessFile[] {
  try {
    return [JSON.parse(readFileSync(path, 'utf8')) as ProcessFile];
  } catch {
    return []; // It ended just now.
  }
}

function fileOf(folder: string, name: string): string {
  return join(folder, PROCESSES_FOLDER, `${name}.json`);
}
