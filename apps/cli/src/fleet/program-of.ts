import { join } from 'node:path';
import type { Deployment, Place } from '@bioscope/topology';
import { installationFolder } from '../config.ts';
import type { PlaceKind } from './place-kind.ts';

/** Megabytes of a zone's cache on one machine with many zones. */
const MEMCACHED_MIB = 64;

/** The program that fills a place: `bioscope serve --place …`, or memcached. */
export function programOf(options: {
  readonly folder: string;
  readonly deployment: Deployment;
  readonly place: Place;
  readonly kind: PlaceKind;
  readonly name: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}): { readonly command: string; readonly args: readonly string[]; readonly env: Readonly<Record<string, string | undefined>> } {
  const { folder, deployment, place, kind, name, environment: env } = options;
  if (kind === 'memcached') {
    const { memcached: port } = deployment.ports;
    // `-u`: where it is started by root it must be told whom to become; elsewhere it has no say.
    const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
    return { command: 'memcached', args: ['-l', place.address, '-p', String(port), '-U', '0', '-m', String(MEMCACHED_MIB), ...user], env };
  }
  const main = join(installationFolder(), 'apps', 'cli', 'src', 'main.ts');
  const args = [...process.execArgv, main, 'serve', '--place', place.name, '--name', name, '--data', folder, '--verbose'];
  return { command: process.execPath, args, env };
}
