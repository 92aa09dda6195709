import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A folder in which the processes of one run share what they compiled (https://nodejs.org/api/module.html#module-compile-cache): hundreds of them
 * load the same sources. It goes with the run, so that it never grows. Who has set one up already keeps it.
 */
export function temporaryCompileCache(
  environment: Readonly<Record<string, string | undefined>>,
): Disposable & { readonly environment: Readonly<Record<string, string>> } {
  if (environment['NODE_COMPILE_CACHE'] !== undefined) return { environment: {}, [Symbol.dispose]: () => {} };
  const folder = mkdtempSync(join(tmpdir(), 'bioscope-compiled-'));
  return {
    environment: { NODE_COMPILE_CACHE: folder },
    // A process that ends late may still write into it.
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}
