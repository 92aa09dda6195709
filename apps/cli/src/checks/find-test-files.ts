import { globSync } from 'node:fs';
import { join } from 'node:path';

const PARTS = '{packages,services,cdn,edge,apps,bench,engines,tools}/**/*.test.{ts,tsx}';
const SYSTEM = 'test/**/*.test.ts';
const NOT_OURS = ['node_modules', 'dist', 'artifacts'];

/** Test files by absolute path, sorted. */
export function findTestFiles(root: string, patterns: readonly string[]): { parts: readonly string[]; system: readonly string[] } {
  const find = (glob: string) =>
    globSync(glob, { cwd: root, exclude: (name) => NOT_OURS.includes(name) })
      .filter((file) => !file.split('/').some((part) => NOT_OURS.includes(part)))
      .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
      .sort()
      .map((file) => join(root, file));
  return { parts: find(PARTS), system: find(SYSTEM) };
}
