import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installationFolder } from './config.ts';

/** The version of this installation. */
export function version(): string {
  const text = readFileSync(join(installationFolder(), 'package.json'), 'utf8');
  const { version: found } = JSON.parse(text) as { version?: unknown };
  return typeof found === 'string' ? found : 'unknown';
}
