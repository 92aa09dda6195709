import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { missingFor } from '@bioscope/engines';
import { findTestFiles } from '../src/checks/find-test-files.ts';
import { runChecks } from '../src/checks/run-checks.ts';
import type { Totals } from '../src/checks/summarise.ts';

const IMPORTS = `import assert from 'node:assert/strict'; import { it } from 'node:test';\n`;

/** Tells where its server is, and asks it. */
const ON_S3 = `${IMPORTS}it('asks the server', async () => {
  const { running } = JSON.parse(process.env['BIOSCOPE_TEST_ENGINES']);
  const answer = await fetch(running.s3.endpoint + '/healthz');
  console.log('endpoint=' + running.s3.endpoint);
  assert.equal(answer.status, 200);
  assert.notEqual(answer.status, STATUS);
});`;

async function checkout(files: Record<string, string>) {
  const root = await mkdtemp(join(tmpdir(), 'bioscope-checks-'));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), text);
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

describe('bioscope test', () => {
  it('runs all files in spite of failures, passes the long-run setting on, and adds everything up', async () => {
    await using on = await checkout({
      'packages/a/src/good.test.ts': `${IMPORTS}it('adds', () => assert.equal(1 + 1, 2)); it('long', () => assert.equal(process.env['BIOSCOPE_TEST_ALL'], '1'));`,
      'packages/a/src/broken.test.ts': `throw new Error('cannot be loaded');`,
      'services/b/test/bad.test.ts': `${IMPORTS}it('lies', () => assert.equal(1, 2)); it('later', { skip: 'no disk' }, () => {});`,
      'services/b/test/empty.test.ts': '',
      'test/system.test.ts': `${IMPORTS}it('plays', () => {});`,
      'node_modules/c/packages/d/x.test.ts': `throw new Error('not ours');`,
    });
    const { totals, text } = await runInOwnProcess(on.root);
    assert.deepEqual(totals, { passed: 3, failed: 3, skipped: 1 }, text);
    assert.match(text, /✖ packages\/a\/src\/broken\.test\.ts[^]*cannot be loaded/);
    assert.match(text, /✖ services\/b\/test\/bad\.test\.ts/);
    assert.match(text, /- later \(skipped: no disk\)/);
    assert.doesNotMatch(text, /not ours/);
  });

  it('starts the servers that tests name, and stops them also when a test failed', { skip: missingFor('s3') ?? false }, async () => {
    await using on = await checkout({
      // The second one fails, so that what it printed, its server's address, is shown.
      'packages/a/src/s3.good.test.ts': ON_S3.replace('STATUS', '0'),
      'packages/a/src/s3.bad.test.ts': ON_S3.replace('STATUS', '200'),
    });
    const { totals, text } = await runInOwnProcess(on.root, { all: false, patterns: ['s3.good', 's3.bad'] });
    assert.deepEqual(totals, { passed: 1, failed: 1, skipped: 0 }, text);
    const [, endpoint] = /endpoint=(\S+)/.exec(text) ?? [];
    assert.ok(endpoint, text);
    await assert.rejects(fetch(`${endpoint}/healthz`), (error: Error) => String(error.cause).includes('ECONNREFUSED'));
  });

  it('starts no server every day, and says how to', async () => {
    await using on = await checkout({
      'packages/a/src/s3.test.ts': `${IMPORTS}it('asks', { skip: JSON.parse(process.env['BIOSCOPE_TEST_ENGINES']).skipped.s3 }, () => assert.fail());`,
    });
    const { totals, text } = await runInOwnProcess(on.root, { all: false, patterns: ['packages/a'] });
    assert.deepEqual(totals, { passed: 0, failed: 0, skipped: 1 }, text);
    assert.match(text, /- asks \(skipped: not in the everyday run: \.\/bioscope test --all, or \.\/bioscope test s3\)/);
  });

  it('runs only what a pattern asks for, and nothing when it matches nothing', async () => {
    await using on = await checkout({ 'packages/a/src/x.test.ts': '', 'packages/b/src/y.test.ts': '', 'test/z.test.ts': '' });
    assert.deepEqual(findTestFiles(on.root, ['packages/b']), { parts: [join(on.root, 'packages/b/src/y.test.ts')], system: [] });
    assert.equal(findTestFiles(on.root, []).parts.length, 2);
    const totals = await runChecks({ root: on.root, all: false, patterns: ['nothing'], environment: {}, say: () => {} });
    assert.deepEqual(totals, { passed: 0, failed: 0, skipped: 0 });
  });
});

/** node:test refuses to run inside a test: a process of its own does it, without the marks that the runner leaves in its children's environment. */
async function runInOwnProcess(
  root: string,
  // A pattern leaves the tools out: there are none in this checkout.
  { all, patterns } = { all: true, patterns: ['.test.ts'] },
): Promise<{ totals: Totals; text: string }> {
  const module = new URL('../src/checks/run-checks.ts', import.meta.url).href;
  const program = `const { runChecks } = await import(${JSON.stringify(module)});
let text = '';
const say = (more) => { text += more; };
const totals = await runChecks({ root: ${JSON.stringify(root)}, all: ${all}, patterns: ${JSON.stringify(patterns)}, environment: process.env, say });
console.log(JSON.stringify({ totals, text }));`;
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NODE_TEST')));
  // A file, not -e: the runner hands its own arguments on to the files it runs.
  const file = join(root, 'run.mjs');
  await writeFile(file, program);
  const { stdout } = await promisify(execFile)(process.execPath, [file], {
    env: environment,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return JSON.parse(stdout) as { totals: Totals; text: string };
}
