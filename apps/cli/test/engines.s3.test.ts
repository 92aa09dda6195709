import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { engineMissing } from '@bioscope/engines/testing';
import { COMMANDS } from '../src/commands/index.ts';
import type { EnginesRun } from '../src/engines/engines-run-file.ts';
import { runCommandLine } from '../src/run-command-line.ts';
import type { Terminal } from '../src/terminal.ts';
import { fakeTerminal } from './fake-terminal.ts';

const data = mkdtempSync(join(tmpdir(), 'bioscope-cli-engines-'));
after(() => rmSync(data, { recursive: true, force: true }));

async function command(argv: string, on: { terminal?: Terminal; interrupt?: AbortSignal } = {}) {
  const terminal = fakeTerminal();
  const code = await runCommandLine({
    argv: argv.split(' '),
    environment: { ...process.env, BIOSCOPE_DATA: data },
    terminal: on.terminal ?? terminal,
    interrupt: () => on.interrupt ?? new AbortController().signal,
    commands: COMMANDS,
  });
  return { code, out: terminal.stdout(), err: terminal.stderr() };
}

/** Runs `engines up` until the work is done; answers what it printed. */
async function whileUp(argv: string, work: (run: EnginesRun) => Promise<void>): Promise<EnginesRun> {
  const ready = Promise.withResolvers<EnginesRun>();
  const interrupt = new AbortController();
  let errors = '';
  const terminal: Terminal = {
    ...fakeTerminal(),
    out: (text) => ready.resolve(JSON.parse(text) as EnginesRun),
    err: (text) => void (errors += text),
  };
  const ended = command(argv, { terminal, interrupt: interrupt.signal });
  void ended.then(() => ready.reject(new Error(errors)));
  const run = await ready.promise;
  try {
    await work(run);
  } finally {
    interrupt.abort();
  }
  assert.equal((await ended).code, 0, errors);
  return run;
}

const answers = async (endpoint = '') => (await fetch(`${endpoint}/healthz`)).status;

describe('bioscope engines', { skip: engineMissing('s3') }, () => {
  it('runs servers until it is interrupted, says how to use them, and continues with their data', async () => {
    const first = await whileUp('engines up s3 --json', async (run) => {
      assert.equal(await answers(run.environment['BIOSCOPE_S3']), 200);
      assert.deepEqual(Object.keys(run.environment).sort(), [
        'BIOSCOPE_S3',
        'BIOSCOPE_S3_ACCESS_KEY',
        'BIOSCOPE_S3_BUCKET',
        'BIOSCOPE_S3_REGION',
        'BIOSCOPE_S3_SECRET_KEY',
      ]);
      const status = await command('engines status');
      assert.match(status.out, /BIOSCOPE_S3=http:\S+ .*\.\/bioscope up --engines s3\n/);
      assert.match((await command('engines up s3')).err, /engines run on .* already; "bioscope engines down" stops them/);
    });
    await assert.rejects(answers(first.environment['BIOSCOPE_S3']));
    assert.deepEqual(await command('engines status'), { code: 1, out: '', err: `no engines run on ${first.folder}\n` });
    const second = await whileUp('engines up s3 --json', async () => {});
    assert.deepEqual(second, first);
  });
});

describe('a misused "engines"', () => {
  const wrong: readonly [argv: string, message: RegExp][] = [
    ['engines up mysql', /there is no engine "mysql" \(there are: cassandra, kafka, s3\)/],
    ['engines up --nodes 2', /--nodes is "2": use 1 or 3/],
    ['engines up cassandra --data-centres many', /--data-centres is "many": use 1 or 3/],
    ['engines sideways', /there is no "engines sideways"/],
    ['engines down s3', /"s3" is one word too many/],
  ];
  for (const [argv, message] of wrong) {
    it(`is explained: ${argv}`, async () => {
      const { code, err } = await command(argv);
      assert.equal(code, 2);
      assert.match(err, message);
    });
  }

  it('says everything that is missing before anything starts', async () => {
    const nothing = fakeTerminal();
    const code = await runCommandLine({
      argv: ['engines', 'up', 's3'],
      environment: { PATH: data, HOME: data, BIOSCOPE_DATA: data },
      terminal: nothing,
      interrupt: () => new AbortController().signal,
      commands: COMMANDS,
    });
    assert.equal(code, 1);
    assert.match(nothing.stderr(), /versitygw \(S3\) is built with Go 1\.25 or newer, and there is no go on PATH/);
  });
});
