import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readFacts } from './file-facts.ts';
import { judge } from './rules.ts';
import type { Violation } from './rules.ts';
import { readUnits } from './units.ts';

const NOT_OURS = ['node_modules', 'dist', 'artifacts', 'public'];

/** Reads every source file of every unit. `files` says how many: a check that saw nothing must not pass for clean. */
export function checkRepository(root: string): { files: number; violations: Violation[] } {
  const units = readUnits(root);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { devDependencies?: Record<string, string> };
  const rootDependencies = new Set(Object.keys(manifest.devDependencies ?? {}));
  const violations: Violation[] = [];
  let files = 0;
  for (const unit of units) {
    for (const file of globSync('**/*.{ts,tsx}', { cwd: join(root, unit.folder), exclude: (name) => NOT_OURS.includes(name) })) {
      const path = `${unit.folder}/${file}`;
      if (path.endsWith('_pb.ts') || path.endsWith('.d.ts')) continue;
      files += 1;
      violations.push(...judge(readFacts(path, readFileSync(join(root, path), 'utf8')), unit, units, rootDependencies));
    }
  }
  return { files, violations };
}
