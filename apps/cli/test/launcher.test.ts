import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';

const LAUNCHER = resolve(import.meta.dirname, '../../../bioscope');
const TOOLS = [
  'sh',
  'cat',
  'chmod',
  'cksum',
  'cmp',
  'cp',
  'dirname',
  'env',
  'find',
  'flock',
  'id',
  'mkdir',
  'readlink',
  'rm',
  'sleep',
  'sort',
  'uname',
  'xargs',
];

/** Stands for the pinned Node: tells what it was asked to run. */
const PINNED_NODE = '#!/bin/sh\necho "ran $*"\n';
/** Stands for `npm ci`: takes a moment, counts itself, and brings the pinned Node. */
const NPM = `#!/bin/sh
echo "$*" >>"$MARKS/npm"
sleep 0.3
mkdir -p node_modules/node/bin
cp "$MARKS/pinned-node" node_modules/node/bin/node
`;

/** A checkout with nothing but the launcher and a lock file, on a machine with only basic tools and the programs given. */
async function machine(programs: Record<string, string>, without: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-launcher-'));
  const root = join(folder, 'check out');
  const bin = join(folder, 'bin');
  await Promise.all([mkdir(root), mkdir(bin)]);
  await cp(LAUNCHER, join(root, 'bioscope'));
  await writeFile(join(root, 'package-lock.json'), '{}');
  await writeFile(join(folder, 'pinned-node'), PINNED_NODE, { mode: 0o755 });
  for (const tool of TOOLS.filter((each) => !without.includes(each))) {
    await symlink(execFileSync('/bin/sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim(), join(bin, tool));
  }
  for (const [name, text] of Object.entries(programs)) {
    await writeFile(join(bin, name), text);
    await chmod(join(bin, name), 0o755);
  }
  const run = (launcher: string, ...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
      execFile(
        launcher,
        args,
        { cwd: '/', env: { PATH: bin, MARKS: folder }, encoding: 'utf8', timeout: 30_000 },
        (error, stdout, stderr) => {
          done({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
        },
      );
    });
  const npmRuns = async () =>
    (await readFile(join(folder, 'npm'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '').length;
  return { root, folder, run, npmRuns, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

const node = (version: string) => `#!/bin/sh\necho ${version}\n`;

describe('the launcher', () => {
  it('sets up once, then runs the command with its arguments as they are, from any folder and through a link', async () => {
    await using on = await machine({ node: node('v20.1.0'), npm: NPM });
    const link = join(on.folder, 'link');
    await symlink(join(on.root, 'bioscope'), link);
    for (const launcher of [join(on.root, 'bioscope'), link]) {
      const { code, stdout, stderr } = await on.run(launcher, 'list', '--data', 'a b');
      assert.equal(code, 0, stderr);
      assert.equal(stdout, `ran --disable-warning=ExperimentalWarning ${on.root}/apps/cli/src/main.ts list --data a b\n`);
    }
    assert.equal(await on.npmRuns(), 1);
  });

  it('sets up again when the lock file changed, or node_modules went', async () => {
    await using on = await machine({ node: node('v26.0.0'), npm: NPM });
    const launcher = join(on.root, 'bioscope');
    await on.run(launcher, 'list');
    await writeFile(join(on.root, 'package-lock.json'), '{"changed":true}');
    await on.run(launcher, 'list');
    await rm(join(on.root, 'node_modules'), { recursive: true });
    await on.run(launcher, 'list');
    assert.equal(await on.npmRuns(), 3);
  });

  for (const without of [[], ['flock']]) {
    it(`lets one of several first runs do the set-up${without.length === 0 ? '' : ' (without flock)'}`, async () => {
      await using on = await machine({ node: node('v20.1.0'), npm: NPM }, without);
      const runs = await Promise.all([1, 2, 3].map(() => on.run(join(on.root, 'bioscope'), 'list')));
      for (const { code, stderr } of runs) assert.equal(code, 0, stderr);
      assert.equal(await on.npmRuns(), 1);
    });
  }

  for (const [why, programs, said] of [
    ['there is no Node', {}, /Node\.js 20 or newer is needed to set up: install it from/],
    ['there is no npm', { node: node('v22.0.0') }, /npm is needed to set up/],
    ['Node is too old', { node: node('v18.20.0'), npm: NPM }, /Node\.js 20 or newer is needed to set up, this is v18\.20\.0/],
    ['npm fails', { node: node('v20.0.0'), npm: '#!/bin/sh\nexit 7\n' }, /npm ci failed: see above/],
    ['the pinned Node did not come', { node: node('v20.0.0'), npm: '#!/bin/sh\nexit 0\n' }, /the pinned Node is missing at/],
  ] as const) {
    it(`says what to do when ${why}, and exits with 1`, async () => {
      await using on = await machine(programs);
      const { code, stderr } = await on.run(join(on.root, 'bioscope'), 'list');
      assert.equal(code, 1);
      assert.match(stderr, said);
    });
  }

  it('says which system programs are missing where there is no apt-get', async (t) => {
    await using on = await machine({ node: node('v20.0.0'), npm: NPM });
    const { code, stdout, stderr } = await on.run(join(on.root, 'bioscope'), 'up');
    if (code === 0) return t.skip('every program is in a system folder of this machine');
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /these programs are missing: ffmpeg .*Install them with your system's package manager/);
  });

  it('asks for no system programs to print a help', async () => {
    await using on = await machine({ node: node('v20.0.0'), npm: NPM });
    const { code, stdout } = await on.run(join(on.root, 'bioscope'), 'up', '--help');
    assert.equal(code, 0);
    assert.match(stdout, /main\.ts up --help/);
  });
});
