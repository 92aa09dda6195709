import { existsSync } from 'node:fs';
import { join } from 'node:path';

export type ToolCheck = { readonly what: string; readonly args: readonly string[] };

/** Checks by programs: each an argument list for Node. A check passes when it exits with 0. */
export function toolChecks(root: string): readonly ToolCheck[] {
  const bin = (name: string) => join(root, 'node_modules', '.bin', name);
  return [
    { what: 'format', args: [bin('oxfmt'), '--check'] },
    { what: 'lint', args: [bin('oxlint'), '--type-aware', '--deny-warnings'] },
    { what: 'types', args: [bin('tsc'), '-p', 'tsconfig.json'] },
    // They run in a browser, which knows other globals than Node.
    ...['apps/web', 'apps/console']
      .filter((app) => existsSync(join(root, app, 'tsconfig.json')))
      .map((app) => ({ what: `types of ${app}`, args: [bin('tsc'), '-p', `${app}/tsconfig.json`] })),
    { what: 'generated code is current', args: ['tools/src/generate.ts', '--check'] },
    { what: 'nothing is unused', args: [bin('knip'), '--no-config-hints'] },
    { what: 'boundaries', args: ['tools/src/check-boundaries.ts'] },
  ];
}
