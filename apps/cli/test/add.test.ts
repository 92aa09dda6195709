import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { StepState, WorkState } from '@bioscope/studio/contract';
import { COMMANDS } from '../src/commands/index.ts';
import { runCommandLine } from '../src/run-command-line.ts';
import { writeRunFile } from '../src/state/run-file.ts';
import { openSecrets } from '../src/state/secrets.ts';
import { takeStateLock } from '../src/state/state-lock.ts';
import { startFakeApi } from './fake-api.ts';
import { fakeTerminal } from './fake-terminal.ts';

/** A state folder on which a service seems to run, its front door being the fake API. */
async function stage(options: Parameters<typeof startFakeApi>[0], film: Buffer | string = randomBytes(300_000)) {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-cli-'));
  const file = join(folder, 'film "$(x)".mp4');
  await writeFile(file, film);
  const api = await startFakeApi(options);
  const secrets = openSecrets(folder);
  const lock = takeStateLock(folder);
  const base = (name: string) => `http://${name}.localhost:${api.port}`;
  writeRunFile(folder, {
    pid: process.pid,
    version: '0.0.0',
    startedAtMs: 0,
    host: 'localhost',
    port: api.port,
    cdnPort: 1,
    app: base('app'),
    api: base('api'),
    play: base('play'),
    operations: '127.0.0.1:1',
  });
  const interrupted = new AbortController();
  const add = async (...words: string[]) => {
    const terminal = fakeTerminal();
    const code = await runCommandLine({
      argv: ['add', ...words, '--data', folder],
      environment: {},
      terminal,
      interrupt: () => interrupted.signal,
      commands: COMMANDS,
    });
    return { code, stdout: terminal.stdout(), stderr: terminal.stderr() };
  };
  return {
    api,
    file,
    add,
    interrupted,
    token: secrets.operatorToken,
    async [Symbol.asyncDispose]() {
      lock?.release();
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe('bioscope add', () => {
  it('uploads the file byte for byte, hands on the details, shows the steps and says where to watch', async () => {
    const film = randomBytes(500_000);
    const step = (state: StepState) => ({
      id: 'w1',
      titleId: 't1',
      state: WorkState.RUNNING,
      steps: [{ name: 'inspect', state, progress: 0.5 }],
    });
    const works = [step(StepState.RUNNING), step(StepState.DONE), { id: 'w1', titleId: 't1', state: WorkState.DONE, playable: true }];
    await using on = await stage({ works }, film);
    const { code, stdout, stderr } = await on.add(on.file, '--title', 'My film', '--year', '1999', '--licence', 'CC0');
    assert.equal(code, 0, stderr);
    assert.deepEqual(on.api.uploads.get('upload-1'), film);
    const [request] = on.api.imports;
    assert.deepEqual([request?.name, request?.year, request?.licence, request?.uploadId], ['My film', 1999, 'CC0', 'upload-1']);
    assert.match(stderr, /inspect {2}━+╌+ {2}50 %\n {2}inspect {2}done/);
    assert.match(stdout, new RegExp(`watch it at http://app.localhost:${on.api.port}/title/t1`));
    assert.deepEqual([...on.api.seen], [`api.localhost:${on.api.port} Bearer ${on.token}`]);
  });

  it('goes on with the upload where the server stands after dropped connections', async () => {
    const film = randomBytes(2_000_000);
    await using on = await stage({ breaks: 3 }, film);
    const { code, stderr } = await on.add(on.file, '--title', 'T');
    assert.equal(code, 0, stderr);
    assert.equal(on.api.uploads.size, 1);
    assert.ok(on.api.uploads.get('upload-1')?.equals(film), 'the file is whole');
  });

  it('passes on why the server refuses the file, at once', async () => {
    await using on = await stage({ refuse: 'This is a text, not a film.' }, 'a text');
    const { code, stderr } = await on.add(on.file, '--title', 'T');
    assert.equal(code, 1);
    assert.match(stderr, /^bioscope: the upload was refused: This is a text, not a film\.$/m);
    assert.equal(on.api.imports.length, 0);
  });

  it('passes on why the film was refused after inspection', async () => {
    const works = [{ id: 'w1', titleId: 't1', state: WorkState.REFUSED, reason: 'It is encrypted.', reasonCode: 'encrypted' }];
    await using on = await stage({ works });
    const { code, stderr, stdout } = await on.add(on.file, '--title', 'T', '--json');
    assert.equal(code, 1);
    assert.match(stderr, /the film was refused: It is encrypted\./);
    assert.deepEqual(JSON.parse(stdout), {
      workId: 'w1',
      titleId: 't1',
      name: '',
      state: 'refused',
      reason: 'It is encrypted.',
      reasonCode: 'encrypted',
      watchAt: null,
    });
  });

  it('leaves the work running at Ctrl-C, and says so', async () => {
    await using on = await stage({ works: [{ id: 'w1', titleId: 't1', state: WorkState.RUNNING, steps: [{ name: 'inspect' }] }] });
    const adding = on.add(on.file, '--title', 'T');
    while (on.api.imports.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    on.interrupted.abort();
    const { code, stderr } = await adding;
    assert.equal(code, 130);
    assert.match(stderr, /goes on being prepared/);
  });

  it('does not ask for ever when the server keeps nothing, and stops at Ctrl-C', async () => {
    await using on = await stage({ deaf: true });
    const adding = on.add(on.file, '--title', 'T');
    setTimeout(() => on.interrupted.abort(), 700);
    const { code, stderr } = await adding;
    assert.equal(code, 130);
    assert.match(stderr, /interrupted: the film was not added/);
    assert.ok(on.api.seen.size > 0);
  });

  for (const [why, words, said] of [
    ['no title', ['FILE'], /--title is missing\nusage: bioscope add FILE/],
    ['no file', ['--title', 'T'], /something is missing/],
    ['a year that is none', ['FILE', '--title', 'T', '--year', 'soon'], /--year is "soon": use a whole number from 1870 to 2200/],
    ['an unknown option', ['FILE', '--title', 'T', '--colour', 'red'], /there is no option --colour \(there are: --title/],
  ] as const) {
    it(`is refused with exit code 2 and the usage when there is ${why}`, async () => {
      await using on = await stage({});
      const { code, stderr } = await on.add(...words);
      assert.equal(code, 2);
      assert.match(stderr, said);
      assert.equal(on.api.uploads.size, 0);
    });
  }

  for (const [why, name, said] of [
    ['that is not there', 'nowhere.mp4', /there is no such file/],
    ['that is a folder', '.', /is not a file/],
  ] as const) {
    it(`refuses a path ${why}`, async () => {
      await using on = await stage({});
      const { code, stderr } = await on.add(join(on.file, '..', name), '--title', 'T');
      assert.equal(code, 1);
      assert.match(stderr, said);
    });
  }
});
