import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deployment } from '@bioscope/topology';

/** The layout that the running service was started with, for the processes that are part of it or join it. */
const FILE = 'deployment.json';

export function writeDeployment(folder: string, deployment: Deployment): void {
  const file = join(folder, FILE);
  writeFileSync(`${file}.new`, `${JSON.stringify(deployment, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Null when the service of this folder never ran as several processes. */
export function readDeployment(folder: string): Deployment | null {
  try {
    // Written by the function above; a service of another version is not joined.
    return JSON.parse(readFileSync(join(folder, FILE), 'utf8')) as Deployment;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
