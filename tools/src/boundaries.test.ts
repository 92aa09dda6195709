import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'node:test';
import { checkRepository } from './boundaries/check-repository.ts';
import { readFacts } from './boundaries/file-facts.ts';
import { judge } from './boundaries/rules.ts';
import type { Rule } from './boundaries/rules.ts';
import { unitOf } from './boundaries/units.ts';

const units = [
  unitOf('packages/kv', { name: '@bioscope/kv', exports: { '.': '', './sqlite': '' } }),
  unitOf('packages/rpc', { name: '@bioscope/rpc', exports: { '.': '' }, dependencies: { '@bioscope/kv': '*' } }),
  unitOf('services/catalog', {
    name: '@bioscope/catalog',
    exports: { '.': '', './contract': '', './contract/guard': '', './testing': '' },
  }),
  unitOf('services/playback', {
    name: '@bioscope/playback',
    exports: { '.': '', './contract': '' },
    dependencies: { '@bioscope/catalog': '*', '@bioscope/kv': '*' },
    devDependencies: { '@bioscope/engines': '*' },
  }),
  unitOf('edge/gateway', { name: '@bioscope/gateway', exports: { '.': '' }, dependencies: { undici: '1.0.0', '@bioscope/web': '*' } }),
  unitOf('apps/web', { name: '@bioscope/web', exports: { '.': '' } }),
  unitOf('engines', {
    name: '@bioscope/engines',
    exports: { '.': '', './testing': '' },
    dependencies: { '@bioscope/kv': '*', '@bioscope/web': '*' },
  }),
  unitOf('apps/cli', { name: '@bioscope/cli', dependencies: { '@bioscope/playback': '*', '@bioscope/kv': '*', '@bioscope/engines': '*' } }),
];

function rulesBroken(path: string, source: string): Rule[] {
  const unit = units.find((each) => path.startsWith(`${each.folder}/`));
  assert.ok(unit, path);
  return judge(readFacts(path, source), unit, units, new Set(['fast-check'])).map((violation) => violation.rule);
}

describe('the boundaries', () => {
  it('hold in this repository', () => {
    const { files, violations } = checkRepository(resolve(import.meta.dirname, '../..'));
    assert.ok(files > 100, `looked at ${files} files only`);
    assert.deepEqual(
      violations.map(({ path, line, message }) => `${path}:${line} ${message}`),
      [],
    );
  });
});

describe('a planted violation', () => {
  const planted: readonly [what: string, rule: Rule, path: string, source: string][] = [
    ['a path into another unit', 'inside', 'services/playback/src/a.ts', `import { fold } from '../../catalog/src/domain/fold.ts';`],
    [
      'a type from another unit by path',
      'inside',
      'services/playback/src/a.ts',
      `import type { Title } from '../../catalog/src/title.ts';`,
    ],
    ['a path out of the repository', 'inside', 'services/playback/src/a.ts', `export * from '../../../../elsewhere.ts';`],
    [
      'a path written in a dynamic import',
      'inside',
      'services/playback/src/a.ts',
      `export const load = () => import('../../catalog/src/x.ts');`,
    ],
    ['what a package does not export', 'export', 'services/playback/src/a.ts', `import { x } from '@bioscope/kv/src/sqlite/items.ts';`],
    ['a package that imports a service', 'direction', 'packages/rpc/src/a.ts', `import { c } from '@bioscope/catalog/contract';`],
    [
      'a service that imports another one itself',
      'direction',
      'services/playback/src/a.ts',
      `import { catalog } from '@bioscope/catalog';`,
    ],
    [
      "a service that imports another one's stand-in for tests",
      'direction',
      'services/playback/src/a.ts',
      `import { standIn } from '@bioscope/catalog/testing';`,
    ],
    ['an edge that imports an app', 'direction', 'edge/gateway/src/a.ts', `import { web } from '@bioscope/web';`],
    ['a service that starts servers', 'direction', 'services/playback/src/a.ts', `import { startKafka } from '@bioscope/engines';`],
    ['engines that import more than packages', 'direction', 'engines/src/a.ts', `import { web } from '@bioscope/web';`],
    ['a package that is not declared', 'declared', 'services/playback/src/a.ts', `import { Pool } from 'undici';`],
    ['a built-in without its prefix', 'declared', 'services/playback/src/a.ts', `import fs from 'fs';`],
    ['a test library outside tests', 'declared', 'services/playback/src/a.ts', `import fc from 'fast-check';`],
    ['the environment', 'environment', 'services/playback/src/a.ts', `export const port = () => process.env['PORT'];`],
    [
      'the environment by import',
      'environment',
      'services/playback/src/a.ts',
      `import { env } from 'node:process'; export const port = () => env.PORT;`,
    ],
    ['a call on import', 'import-acts', 'services/playback/src/a.ts', `start(); function start() {}`],
    ['an await on import', 'import-acts', 'services/playback/src/a.ts', `await fetch('http://127.0.0.1'); export {};`],
    ['a patched global', 'import-acts', 'services/playback/src/a.ts', `globalThis.fetch = null;`],
  ];
  for (const [what, rule, path, source] of planted) {
    it(`is found: ${what}`, () =>
      assert.ok(rulesBroken(path, source).includes(rule), `${rulesBroken(path, source).join() || 'nothing'} was found`));
  }

  it('is not excused by a file that cannot be parsed', () => {
    assert.throws(() => readFacts('services/playback/src/a.ts', 'import {'), /services\/playback\/src\/a\.ts/);
  });
});

describe('what is allowed', () => {
  const allowed: readonly [what: string, path: string, source: string][] = [
    ['a contract of another service', 'services/playback/src/a.ts', `import { CatalogService } from '@bioscope/catalog/contract';`],
    ['a part of that contract', 'services/playback/src/a.ts', `import { guard } from '@bioscope/catalog/contract/guard';`],
    ['its stand-in, in tests', 'services/playback/src/a.test.ts', `import { standIn } from '@bioscope/catalog/testing';`],
    ['an exported engine', 'services/playback/src/a.ts', `import { openKv } from '@bioscope/kv/sqlite';`],
    [
      'tests on real servers',
      'services/playback/src/a.test.ts',
      `import { engineForTests } from '@bioscope/engines/testing'; it(engineForTests);`,
    ],
    ['the command starting servers', 'apps/cli/src/a.ts', `import { startKafka } from '@bioscope/engines';`],
    ['engines on packages', 'engines/src/a.ts', `import { openKv } from '@bioscope/kv/sqlite';`],
    ['the command hosting a service', 'apps/cli/src/a.ts', `import { playback } from '@bioscope/playback';`],
    ['files of the own unit', 'services/playback/src/handlers/a.ts', `import { x } from '../store.ts'; import y from 'node:fs';`],
    ['the environment in config.ts', 'services/playback/src/config.ts', `export const port = () => process.env['PORT'];`],
    ['test libraries in tests', 'services/playback/src/a.test.ts', `import fc from 'fast-check'; describe(fc);`],
    ['constants and functions', 'services/playback/src/a.ts', `const A = new Set([1]); export function f() { start(A); }`],
    ['a program that is also a module', 'services/playback/src/a.ts', `if (import.meta.main) main(); function main() {}`],
  ];
  for (const [what, path, source] of allowed) it(`stays unmentioned: ${what}`, () => assert.deepEqual(rulesBroken(path, source), []));
});
