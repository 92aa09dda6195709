import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fakeTerminal } from '../test/fake-terminal.ts';
import { COMMANDS } from './commands/index.ts';
import { runCommandLine } from './run-command-line.ts';

const empty = mkdtempSync(join(tmpdir(), 'bioscope-cli-'));
after(() => rmSync(empty, { recursive: true, force: true }));

async function run(...argv: string[]) {
  const terminal = fakeTerminal();
  const environment = { PATH: process.env['PATH'], BIOSCOPE_DATA: empty };
  const code = await runCommandLine({ argv, environment, terminal, interrupt: () => new AbortController().signal, commands: COMMANDS });
  return { code, stdout: terminal.stdout(), stderr: terminal.stderr() };
}

describe('the command line', () => {
  it('lists the commands', async () => {
    const { code, stdout } = await run('help');
    assert.equal(code, 0);
    for (const command of COMMANDS) assert.match(stdout, new RegExp(`^ {2}${command.name} +\\w`, 'm'));
    assert.equal((await run('--help')).stdout, stdout);
  });

  it('explains every command, also when its other words are wrong', async () => {
    for (const { name } of COMMANDS) {
      const { code, stdout } = await run(name, '--nonsense', '--help');
      assert.equal(code, 0, name);
      assert.match(stdout, new RegExp(`usage: bioscope ${name}`));
      assert.equal((await run('help', name)).stdout, stdout);
    }
  });

  it('says the version, in two ways and as JSON', async () => {
    assert.match((await run('version')).stdout, /^bioscope \d+\.\d+\.\d+ \(node \d+/);
    assert.equal((await run('--version')).stdout, (await run('version')).stdout);
    assert.equal((JSON.parse((await run('version', '--json')).stdout) as { node: string }).node, process.versions.node);
  });

  for (const argv of [
    ['nonsense'],
    ['list', '--nonsense'],
    ['list', 'word'],
    ['remove'],
    ['up', '--port', '99999'],
    ['up', '--port', 'http'],
    ['list', '--data', ''],
    ['help', 'nonsense'],
    [],
  ]) {
    it(`answers a mistake with exit code 2: bioscope ${argv.join(' ')}`, async () => {
      const { code, stdout, stderr } = await run(...argv);
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.notEqual(stderr, '');
    });
  }

  for (const argv of [['list'], ['status'], ['remove', 'T'], ['add', 'film.mp4', '--title', 'T']]) {
    it(`says that no service runs, and how to start one: bioscope ${argv.join(' ')}`, async () => {
      const { code, stderr } = await run(...argv);
      assert.equal(code, 1);
      assert.match(stderr, /no service runs on .*: start it with "bioscope up"/);
    });
  }

  it('finds nothing to stop, which is no mistake', async () => {
    assert.equal((await run('down')).code, 0);
  });

  it('examines the machine, one line each', async () => {
    const { stdout } = await run('doctor', '--json');
    const findings = JSON.parse(stdout) as { what: string; kind: string }[];
    assert.deepEqual(
      findings.map((finding) => finding.what),
      ['node', 'npm', 'ffmpeg', 'ffprobe', 'nginx', 'nginx njs', 'chromium', 'setpriv', 'state', 'disk', 'ports', 'service'],
    );
    assert.equal((await run('doctor')).stdout.trimEnd().split('\n').length, findings.length);
  });
});
