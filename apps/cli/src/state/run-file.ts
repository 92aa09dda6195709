import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isStateLocked } from './state-lock.ts';

/** Where the service that runs on a state folder can be reached. */
export type RunFile = {
  readonly pid: number;
  readonly version: string;
  readonly startedAtMs: number;
  /** `localhost`, or what BIOSCOPE_HOST says. */
  readonly host: string;
  readonly port: number;
  readonly cdnPort: number;
  /** Base URLs, without a slash at the end. */
  readonly app: string;
  readonly api: string;
  readonly play: string;
  /** `host:port` of /healthz, /readyz and /metrics. */
  readonly operations: string;
  /** `host:port` of the door to the fleet, where the service runs as several processes (then `operations` is empty). */
  readonly fleet?: string;
};

const FILE = 'run.json';

export function writeRunFile(folder: string, run: RunFile): void {
  const file = join(folder, FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeRunFile(folder: string): void {
  rmSync(join(folder, FILE), { force: true });
}

/** The running service; null when none runs, also when one was killed and left its file. */
export function readRunFile(folder: string): RunFile | null {
  if (!isStateLocked(folder)) return null;
  try {
    const value: unknown = JSON.parse(readFileSync(join(folder, FILE), 'utf8'));
    return isRunFile(value) ? value : null;
  } catch {
    return null; // It holds the lock but does not serve yet.
  }
}

function isRunFile(value: unknown): value is RunFile {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, port, app, api, play, operations } = value as Record<string, unknown>;
  return Number.isInteger(pid) && Number.isInteger(port) && [app, api, play, operations].every((text) => typeof text === 'string');
}
