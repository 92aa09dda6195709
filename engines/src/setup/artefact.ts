import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { cacheFolder } from '../config.ts';
import type { Environment } from '../config.ts';
import { VERSIONS } from '../kinds.ts';
import type { EngineKind } from '../kinds.ts';

/** Where the server's files are, or will be: `<cache>/<kind>-<version>/`. The folder is complete or absent. */
export function artefactFolder(kind: EngineKind, environment: Environment): string {
  return join(cacheFolder(environment), `${kind}-${VERSIONS[kind]}`);
}

export function isSetUp(kind: EngineKind, environment: Environment): boolean {
  return existsSync(artefactFolder(kind, environment));
}

/** The folder of the pom that names a server's jars. */
export function pomFolder(kind: 'cassandra' | 'kafka'): string {
  return resolve(import.meta.dirname, '../../artefacts', kind);
}
