import { mkdtemp, rm, writeFile, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readProcess } from '../src/child/processes.ts';

/** A program like nginx: a leader and two workers that hold a listening port and ignore polite signals. */
const LEADER = `
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { appendFileSync } from 'node:fs';
const [role, pidFile] = process.argv.slice(2);
appendFileSync(pidFile, role + ' ' + process.pid + '\\n');
if (role === 'leader') {
  const server = createServer().listen(0, '127.0.0.1');
  server.on('listening', () => {
    for (let n = 0; n < 2; n++) spawn(process.execPath, [process.argv[1], 'worker', pidFile], { stdio: ['ignore', 'ignore', 'ignore', server._handle] });
    console.log('listening');
  });
  process.on('SIGTERM', () => { console.log('asked to stop'); process.exit(0); });
} else {
  process.on('SIGTERM', () => {});
  process.on('SIGHUP', () => {});
}
setInterval(() => {}, 1000);
`;

export type Family = {
  readonly folder: string;
  readonly args: readonly string[];
  /** Pids in order of appearance, as they wrote themselves down. */
  members(role: 'leader' | 'worker'): Promise<number[]>;
  /** A file that makes a parent program supervise this family. */
  readonly parentFile: string;
} & AsyncDisposable;

export async function makeFamily(): Promise<Family> {
  const folder = await mkdtemp(join(tmpdir(), 'bioscope-host-'));
  const pidFile = join(folder, 'pids');
  const program = join(folder, 'leader.mjs');
  const parentFile = join(folder, 'parent.mjs');
  await writeFile(program, LEADER);
  await writeFile(pidFile, '');
  const source = new URL('../src/index.ts', import.meta.url).href;
  await writeFile(
    parentFile,
    `import { superviseChild } from ${JSON.stringify(source)};
await superviseChild({ name: 'family', command: process.execPath, args: ${JSON.stringify([program, 'leader', pidFile])}, env: process.env, recordFolder: ${JSON.stringify(join(folder, 'records'))} });
setInterval(() => {}, 1000);`,
  );
  const members = async (role: string) =>
    (await readFile(pidFile, 'utf8'))
      .split('\n')
      .filter((line) => line.startsWith(`${role} `))
      .map((line) => Number(line.split(' ')[1]));
  return {
    folder,
    args: [program, 'leader', pidFile],
    parentFile,
    members,
    async [Symbol.asyncDispose]() {
      for (const pid of [...(await members('leader')), ...(await members('worker'))]) {
        if (isAlive(pid)) process.kill(pid, 'SIGKILL');
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function isAlive(pid: number): boolean {
  const info = readProcess(pid);
  return info !== null && !info.zombie;
}

/** Waits until the condition holds; fails with its name after the deadline. */
export async function until(what: string, condition: () => boolean | Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const deadlineAtMs = performance.now() + deadlineMs;
  while (!(await condition())) {
    if (performance.now() > deadlineAtMs) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await pause(10);
  }
}
