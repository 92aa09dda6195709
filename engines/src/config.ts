import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** This process's own, for callers that were given none. */
export function processEnvironment(): Environment {
  return process.env;
}

/** Where set-up servers are kept, for all checkouts of this user (https://specifications.freedesktop.org/basedir-spec/). */
export function cacheFolder(environment: Environment): string {
  const xdg = environment['XDG_CACHE_HOME'];
  // The specification: a relative path there is invalid and ignored.
  const cache = xdg !== undefined && isAbsolute(xdg) ? xdg : join(environment['HOME'] || homedir(), '.cache');
  return join(cache, 'bioscope', 'engines');
}

/** Whether the long runs were asked for (`./bioscope test --all`). */
export function longRuns(environment: Environment): boolean {
  return environment['BIOSCOPE_TEST_ALL'] === '1';
}

/** What `./bioscope test` tells the test files about engines: see `testing/shared-engines.ts` for the shape. */
export const SHARED_ENGINES_VARIABLE = 'BIOSCOPE_TEST_ENGINES';

/** What a server may see of our environment: where programs and its user's files are, nothing of the product's settings. */
export function serverEnvironment(environment: Environment): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of ['PATH', 'HOME', 'LANG', 'TMPDIR', 'JAVA_HOME']) {
    const value = environment[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
