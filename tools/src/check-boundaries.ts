import { resolve } from 'node:path';
import { checkRepository } from './boundaries/check-repository.ts';

/** Prints every import that crosses a boundary, with the reason why the boundary is there. */
function main(): void {
  const { files, violations } = checkRepository(resolve(import.meta.dirname, '../..'));
  for (const { path, line, rule, message } of violations) process.stdout.write(`${path}:${line} [${rule}] ${message}\n`);
  process.stdout.write(`${files} files, ${violations.length} violations\n`);
  if (violations.length > 0 || files === 0) process.exitCode = 1;
}

if (import.meta.main) main();
