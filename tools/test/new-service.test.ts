import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
const PROGRAM = join(ROOT, 'tools/src/new-service.ts');

/** A checkout with the packages and tools of this one, and no services. */
async function checkout() {
  const root = await mkdtemp(join(tmpdir(), 'bioscope-new-service-'));
  for (const shared of ['node_modules', 'packages']) await symlink(join(ROOT, shared), join(root, shared));
  for (const file of ['.oxfmtrc.json', '.oxlintrc.json', 'package.json']) await cp(join(ROOT, file), join(root, file));
  const tsconfig = { extends: join(ROOT, 'tsconfig.json'), compilerOptions: { types: ['node'] }, include: ['services'], exclude: [] };
  await writeFile(join(root, 'tsconfig.json'), JSON.stringify(tsconfig));
  const run = async (...args: string[]): Promise<{ code: number; output: string }> => {
    const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_TEST')));
    try {
      const env = {
        ...environment,
        PATH: `${join(ROOT, 'node_modules/node/bin')}:${join(ROOT, 'node_modules/.bin')}:${environment['PATH']}`,
      };
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: root, env, encoding: 'utf8', timeout: 60_000 });
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, output: stdout + stderr };
    }
  };
  return { root, run, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

describe('npm run new:service', () => {
  it('writes a service that is formatted, lints, type-checks and passes its own tests', async () => {
    await using on = await checkout();
    const made = await on.run(PROGRAM, 'ratings', on.root);
    assert.equal(made.code, 0, made.output);
    assert.deepEqual((await readdir(join(on.root, 'services/ratings'))).sort(), ['README.md', 'contract', 'package.json', 'src', 'test']);
    const bin = (name: string) => join(ROOT, 'node_modules/.bin', name);
    for (const check of [
      [bin('oxfmt'), '--check', 'services'],
      [bin('oxlint'), '--type-aware', '--deny-warnings', 'services'],
      [bin('tsc'), '-p', 'tsconfig.json'],
      ['--test', 'services/**/*.test.ts'],
    ]) {
      const { code, output } = await on.run(...check);
      assert.equal(code, 0, `${check.join(' ')}\n${output}`);
    }
  });

  for (const [why, name] of [
    ['no name', ''],
    ['two words', 'two-words'],
    ['a path', '../x'],
  ] as const) {
    it(`refuses ${why} and writes nothing`, async () => {
      await using on = await checkout();
      const { code, output } = await on.run(PROGRAM, name, on.root);
      assert.equal(code, 2);
      assert.match(output, /is no name for a service/);
      assert.equal((await readdir(on.root)).includes('services'), false);
    });
  }

  it('does not touch a service that exists', async () => {
    await using on = await checkout();
    await on.run(PROGRAM, 'ratings', on.root);
    const { code, output } = await on.run(PROGRAM, 'ratings', on.root);
    assert.equal(code, 2);
    assert.match(output, /services\/ratings exists already/);
  });
});
