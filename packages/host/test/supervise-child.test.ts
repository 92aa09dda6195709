import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { access, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { superviseChild } from '../src/index.ts';
import type { ChildState, SuperviseOptions } from '../src/index.ts';
import { bootId, processesOfGroup, readProcess } from '../src/child/processes.ts';
import { isAlive, makeFamily, until } from './family.ts';

const env = process.env;

function supervise(more: Partial<SuperviseOptions> & Pick<SuperviseOptions, 'args'>) {
  return superviseChild({ name: 'child', command: process.execPath, env, ...more });
}

describe('a supervised child', () => {
  it('does not outlive a parent that is killed, nor do its own children', async () => {
    await using family = await makeFamily();
    const parent = spawn(process.execPath, [family.parentFile], { stdio: ['ignore', 'ignore', 'inherit'] });
    try {
      await until('both workers run', async () => (await family.members('worker')).length === 2);
      const all = [...(await family.members('leader')), ...(await family.members('worker'))];
      assert.ok(all.every(isAlive));
      parent.kill('SIGKILL');
      await until('leader and workers are gone', () => !all.some(isAlive), 2_000);
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('does not outlive a killed parent whose guard was killed before', async () => {
    await using family = await makeFamily();
    const parent = spawn(process.execPath, [family.parentFile], { stdio: ['ignore', 'ignore', 'inherit'] });
    try {
      await until('both workers run', async () => (await family.members('worker')).length === 2);
      const guards = await guardsOf(parent.pid ?? 0);
      assert.equal(guards.length, 1);
      process.kill(guards[0] ?? 0, 'SIGKILL');
      await until('a new guard stands', async () => (await guardsOf(parent.pid ?? 0)).some((pid) => !guards.includes(pid)));
      parent.kill('SIGKILL');
      const all = [...(await family.members('leader')), ...(await family.members('worker'))];
      await until('leader and workers are gone', () => !all.some(isAlive), 2_000);
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('takes its workers with it when it is killed, and is started again', async () => {
    await using family = await makeFamily();
    const changes: ChildState[] = [];
    const child = await supervise({
      args: family.args,
      restart: { backoffMinMs: 20 },
      onChange: (state) => {
        changes.push(state);
      },
    });
    try {
      await until('both workers run', async () => (await family.members('worker')).length === 2);
      const before = [...(await family.members('leader')), ...(await family.members('worker'))];
      process.kill(child.pid() ?? 0, 'SIGKILL');
      await until('it runs again', async () => (await family.members('worker')).length === 4);
      assert.ok(!before.some(isAlive), 'the first family is gone');
      assert.deepEqual(
        changes.map((state) => state.kind),
        ['running', 'waiting', 'running'],
      );
      assert.equal(child.state().kind, 'running');
    } finally {
      await child.stop();
    }
    const left = [...(await family.members('leader')), ...(await family.members('worker'))].filter(isAlive);
    assert.deepEqual(left, []);
  });

  it('is given up with its exit code after the last restart', async () => {
    const child = await supervise({ args: ['-e', 'process.exit(3)'], restart: { attemptsMax: 2, backoffMinMs: 5 } });
    const last = await child.ended;
    assert.equal(last.kind, 'ended');
    assert.match(last.kind === 'ended' ? last.error.message : '', /^child ended \(exit code 3\) and is given up after 2 restarts$/);
    assert.equal(child.pid(), null);
  });

  it('is not started again without a restart policy', async () => {
    const child = await supervise({ args: ['-e', ''] });
    const last = await child.ended;
    assert.match(last.kind === 'ended' ? last.error.message : '', /^child ended \(exit code 0\)$/);
  });

  it('is asked first and killed with its group after the deadline', async () => {
    const lines: string[] = [];
    const stubborn = `process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); console.log('up')`;
    const child = await supervise({ args: ['-e', stubborn], onLine: (line) => lines.push(line), stopDeadlineMs: 100 });
    await until('it is up', () => lines.includes('up'));
    const pid = child.pid() ?? 0;
    await child.stop();
    assert.ok(lines.includes('no'));
    assert.ok(!isAlive(pid));
    assert.deepEqual(child.state(), { kind: 'stopped', exit: { code: null, signal: 'SIGKILL' } });
    await child.stop();
  });

  it('stops while it waits for a restart', async () => {
    const child = await supervise({ args: ['-e', 'process.exit(1)'], restart: { backoffMinMs: 60_000, backoffMaxMs: 60_000 } });
    await until('it waits', () => child.state().kind === 'waiting');
    await child.stop();
    assert.equal(child.state().kind, 'stopped');
  });

  it('hands over lines of both outputs and passes arguments as they are', async () => {
    const lines: string[] = [];
    const odd = `'$(touch x)' "a b" ; *`;
    const child = await supervise({
      args: ['-e', 'console.log(process.argv[1]); console.error("to stderr")', odd],
      onLine: (line, from) => lines.push(`${from}: ${line}`),
    });
    await child.ended;
    await until('both lines came', () => lines.length === 2);
    assert.deepEqual(lines.sort(), ['stderr: to stderr', `stdout: ${odd}`]);
  });

  it('is held to its limits by the kernel', async () => {
    const lines: string[] = [];
    const child = await supervise({
      command: '/bin/sh',
      args: ['-c', 'ulimit -t; ulimit -n; ulimit -v'],
      limits: { cpuSeconds: 7, openFiles: 64, memoryBytes: 1 << 30 },
      onLine: (line) => lines.push(line),
    });
    await child.ended;
    await until('all lines came', () => lines.length === 3);
    assert.deepEqual(lines, ['7', '64', String(1 << 20)]);
  });

  it('says which program is missing', async () => {
    await assert.rejects(supervise({ command: 'no-such-program', args: [] }), /child: the program "no-such-program" is not installed/);
  });

  it('does not start when its parent died before the death signal was armed', async () => {
    await using family = await makeFamily();
    // The wrapper compares the pid it was given with its real parent: here they differ, as they would after such a death.
    const { boundCommand } = await import('../src/child/bound-command.ts');
    const mark = join(family.folder, 'mark');
    const { command, args } = boundCommand({ program: '/usr/bin/touch', args: [mark], limits: {}, parentPid: 1, path: env['PATH'] });
    const child = spawn(command, args, { stdio: 'ignore' });
    const code = await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(code, 125);
    await assert.rejects(access(mark));
  });
});

describe('the sweep of leftovers', () => {
  it('ends a family that was left behind under the same name', async () => {
    await using family = await makeFamily();
    const records = join(family.folder, 'records');
    // As if nothing had guarded it: started bare, with a record such as a supervisor writes.
    const orphan = spawn(process.execPath, [...family.args], { detached: true, stdio: 'ignore' });
    const pid = orphan.pid ?? 0;
    await until('both workers run', async () => (await family.members('worker')).length === 2);
    const old = [...(await family.members('leader')), ...(await family.members('worker'))];
    await writeRecord(records, { pid, startTicks: readProcess(pid)?.startTicks ?? 0, bootId: bootId(), program: process.execPath });
    // Only the workers are left, as after the kill of an nginx master.
    process.kill(pid, 'SIGKILL');
    await until('the leader is gone', () => !isAlive(pid));
    assert.equal(processesOfGroup(pid).length, 2);

    const child = await supervise({ args: ['-e', 'setInterval(() => {}, 1000)'], recordFolder: records });
    try {
      assert.ok(!old.some(isAlive), 'the old family is gone');
    } finally {
      await child.stop();
    }
    assert.deepEqual(await readdir(records), []);
  });

  it('does not touch a process that merely has the same pid', async () => {
    await using family = await makeFamily();
    const records = join(family.folder, 'records');
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
    const pid = stranger.pid ?? 0;
    try {
      await until('it runs', () => isAlive(pid));
      const startTicks = (readProcess(pid)?.startTicks ?? 0) - 1;
      for (const record of [
        { pid, startTicks, bootId: bootId(), program: process.execPath },
        { pid, startTicks: startTicks + 1, bootId: 'another boot', program: process.execPath },
        { pid: -1, startTicks: 0, bootId: bootId(), program: process.execPath },
        'not json',
      ]) {
        await writeRecord(records, record);
        const child = await supervise({ args: ['-e', ''], recordFolder: records });
        await child.ended;
        assert.ok(isAlive(pid), JSON.stringify(record));
      }
    } finally {
      stranger.kill('SIGKILL');
    }
  });
});

async function writeRecord(folder: string, record: object | string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'child.pid.json'), typeof record === 'string' ? record : JSON.stringify(record));
}

/** Guards are the shells among a process's children that lead a session of their own and are not the supervised family. */
async function guardsOf(parent: number): Promise<number[]> {
  const { execFileSync } = await import('node:child_process');
  const table = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(parent)], { encoding: 'utf8' });
  return table
    .split('\n')
    .filter((line) => line.includes('while read'))
    .map((line) => Number(line.trim().split(' ')[0]));
}
