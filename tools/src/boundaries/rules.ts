import { posix } from 'node:path';
import type { FileFacts, Found } from './file-facts.ts';
import { LAYERS } from './units.ts';
import type { UnitFolder } from './units.ts';

export type Violation = { readonly path: string; readonly line: number; readonly rule: Rule; readonly message: string };
export const RULES = ['inside', 'export', 'direction', 'declared', 'environment', 'import-acts'] as const;
export type Rule = (typeof RULES)[number];

/** Everything that is the edge of a process or thread: they act when they are loaded, because loading them is starting them. */
const PROCESS_EDGES = new Set(['apps/cli/src/main.ts', 'apps/web/src/main.tsx', 'apps/console/src/main.tsx']);

/** Judges one file of a unit. `rootDependencies`: what the root offers to all tests. */
export function judge(
  facts: FileFacts,
  unit: UnitFolder,
  units: readonly UnitFolder[],
  rootDependencies: ReadonlySet<string>,
): Violation[] {
  const violations: Violation[] = [];
  const add = (rule: Rule, line: number, message: string) => violations.push({ path: facts.path, line, rule, message });
  const test = isTest(facts.path);
  for (const found of facts.imports) judgeImport({ found, facts, unit, units, rootDependencies, test, add });
  if (!test && !mayReadEnvironment(facts.path, unit)) {
    for (const line of facts.environmentReads) {
      add(
        'environment',
        line,
        'reads the environment: only config.ts does, so that every setting is found, named and checked in one place',
      );
    }
  }
  if (!test && unit.folder !== 'bench' && !PROCESS_EDGES.has(facts.path)) {
    for (const line of facts.topLevelActions) {
      add(
        'import-acts',
        line,
        'acts when it is imported: starting is explicit, so that importing a file for its types or for a test starts nothing',
      );
    }
  }
  return violations;
}

function judgeImport(on: {
  found: Found;
  facts: FileFacts;
  unit: UnitFolder;
  units: readonly UnitFolder[];
  rootDependencies: ReadonlySet<string>;
  test: boolean;
  add: (rule: Rule, line: number, message: string) => void;
}): void {
  const { found, facts, unit, add } = on;
  const { what, line } = found;
  if (what.startsWith('node:')) return;
  if (what.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(facts.path), what));
    const into = on.units.find((each) => target.startsWith(`${each.folder}/`));
    if (into?.name !== unit.name) {
      add(
        'inside',
        line,
        `"${what}" reaches out of ${unit.folder}: another unit's inside may change at any time; import what it exports by name`,
      );
    }
    return;
  }
  const [packageName, subpath] = split(what);
  const other = on.units.find((each) => each.name === packageName);
  if (other !== undefined) judgeUnitImport(on, other, subpath);
  if (packageName === unit.name) return;
  const declared =
    unit.dependencies.has(packageName) || unit.devDependencies.has(packageName) || (on.test && on.rootDependencies.has(packageName));
  if (!declared)
    add('declared', line, `"${packageName}" is not in ${unit.folder}/package.json: a unit that runs alone has only what it declares`);
}

function judgeUnitImport(
  { found: { what, line }, unit, test, add }: Parameters<typeof judgeImport>[0],
  other: UnitFolder,
  subpath: string,
): void {
  if (!other.exports.includes(subpath)) {
    add('export', line, `"${what}" is not exported by ${other.folder} (it exports ${other.exports.join(', ') || 'nothing'})`);
  }
  if (other.name === unit.name || unit.layer === 'top') return;
  if (other.layer === 'development') {
    if (!test) add('direction', line, `"${what}": ${other.folder} starts servers for development and tests; the product runs without it`);
    return;
  }
  if (unit.layer === 'development' && other.layer !== 'packages') {
    add('direction', line, `"${what}": ${unit.folder} is used by the tests of every unit, so that it may import packages only`);
    return;
  }
  const up = LAYERS.indexOf(other.layer) > LAYERS.indexOf(unit.layer);
  if (up)
    add(
      'direction',
      line,
      `${unit.folder} imports ${other.folder}: imports go from apps to edge, services and cdn, and from those to packages, never up`,
    );
  else if (other.layer === 'services' && !/^\.\/contract(\/|$)/.test(subpath) && !test) {
    add('direction', line, `"${what}": other services are known by their ./contract only, because they may run in another process`);
  }
}

function split(what: string): [packageName: string, subpath: string] {
  const parts = what.split('/');
  const length = what.startsWith('@') ? 2 : 1;
  const rest = parts.slice(length).join('/');
  return [parts.slice(0, length).join('/'), rest === '' ? '.' : `./${rest}`];
}

/** Files that only tests load. Conformance suites are tests that other engines run. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path) || /(?:^|\/)(?:test|conformance)\//.test(path);
}

function mayReadEnvironment(path: string, unit: UnitFolder): boolean {
  return unit.layer === 'top' || posix.basename(path) === 'config.ts' || path === 'apps/web/vite.config.ts';
}
