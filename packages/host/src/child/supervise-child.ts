import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { boundCommand } from './bound-command.ts';
import type { ChildLimits } from './bound-command.ts';
import { guardGroup, releaseGroup } from './guard.ts';
import { lineCutter } from './lines.ts';
import { groupGone, removePidRecord, sweepLeftovers, writePidRecord } from './pid-record.ts';
import { killGroup } from './processes.ts';
import { findProgram } from './program.ts';
import { decideRestart } from './restart-policy.ts';
import type { RestartPolicy } from './restart-policy.ts';

export type SuperviseOptions = {
  /** Unique among the children that share a record folder: `[a-z0-9][a-z0-9._-]*`. Names the child in errors. */
  readonly name: string;
  /** A program on PATH (or in the sbin folders), or an absolute path. No shell is involved in its arguments. */
  readonly command: string;
  readonly args: readonly string[];
  /** The child's whole environment. Its PATH is also where the command is looked for. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Each line of its stdout and stderr, at most 16 384 characters long. Without it both are discarded. */
  readonly onLine?: (line: string, from: 'stdout' | 'stderr') => void;
  /** Told of every change at once. */
  readonly onChange?: (state: ChildState) => void;
  /** Absent: never restarted. */
  readonly restart?: RestartPolicy;
  readonly limits?: ChildLimits;
  /** What asks it to end. Default SIGTERM. */
  readonly stopSignal?: NodeJS.Signals;
  /** After the stop signal, before its whole group is killed. Default 5 000. */
  readonly stopDeadlineMs?: number;
  /** Keeps a record of the running child here, and first ends what an earlier process left behind under this name. */
  readonly recordFolder?: string;
};

export type ChildExit = { readonly code: number | null; readonly signal: NodeJS.Signals | null };
export type ChildState =
  | { readonly kind: 'running'; readonly pid: number; readonly restarts: number }
  | { readonly kind: 'waiting'; readonly exit: ChildExit; readonly restartInMs: number; readonly attempt: number }
  /** It ended and will not be started again, though nobody asked it to stop. */
  | { readonly kind: 'ended'; readonly exit: ChildExit; readonly error: Error }
  | { readonly kind: 'stopped'; readonly exit: ChildExit | null };

export type Supervised = {
  state(): ChildState;
  /** Of the running child; null while there is none. It is also the id of its process group. */
  pid(): number | null;
  /** Sends a signal to the leader only (nginx: HUP reloads). False when it does not run. */
  signal(signal: NodeJS.Signals): boolean;
  /** Asks the child to end, kills its group after the deadline, and resolves when nothing of it is left. May be called again. */
  stop(): Promise<void>;
  /** Resolves with the last state once the child ended for good. Never rejects. */
  readonly ended: Promise<Extract<ChildState, { kind: 'ended' | 'stopped' }>>;
};

const STOP_DEADLINE_MS = 5_000;
const NAME = /^[a-z0-9][a-z0-9._-]*$/;

/**
 * Runs a program that never outlives this process, also not when this process is killed with SIGKILL. It gets a session and process
 * group of its own; whenever its leader ends, whatever is left of the group is killed before a restart. Rejects when the program is not
 * installed or cannot be started. Call it from the main thread: the kernel ties the child to the thread that started it.
 * Not covered: a program that leaves its process group on purpose (daemons that detach), unless its leader lives on.
 */
export async function superviseChild(options: SuperviseOptions): Promise<Supervised> {
  if (!NAME.test(options.name)) throw new Error(`child name "${options.name}": use lower-case letters, digits, dots, dashes`);
  const program = findProgram(options.command, options.env['PATH']);
  if (program === null) throw new Error(`${options.name}: the program "${options.command}" is not installed (not found on PATH)`);
  if (options.recordFolder !== undefined) await sweepLeftovers(options.recordFolder, options.name);

  const end = Promise.withResolvers<Extract<ChildState, { kind: 'ended' | 'stopped' }>>();
  let leader: ChildProcess | null = null;
  let state: ChildState = { kind: 'stopped', exit: null };
  let stopping = false;
  let restarts = 0;
  let attempts = 0;
  let restartTimer: NodeJS.Timeout | undefined;

  const change = (next: ChildState): void => {
    state = next;
    if (next.kind === 'ended' || next.kind === 'stopped') end.resolve(next);
    options.onChange?.(next);
  };

  const start = async (): Promise<void> => {
    const child = await launch(program, options);
    const startedAtMs = performance.now();
    leader = child.process;
    child.process.once('exit', (code, signal) => {
      leader = null;
      void afterExit(child.pid, { code, signal }, performance.now() - startedAtMs);
    });
    change({ kind: 'running', pid: child.pid, restarts });
    if (stopping) child.process.kill(options.stopSignal ?? 'SIGTERM');
  };

  const afterExit = async (pid: number, exit: ChildExit, livedMs: number): Promise<void> => {
    killGroup(pid, 'SIGKILL');
    const decision = decideRestart(stopping ? undefined : options.restart, attempts, livedMs);
    // Told before the group is gone: whoever routes around a dead child must not wait for its workers.
    if (!stopping && decision.kind === 'restart') {
      change({ kind: 'waiting', exit, restartInMs: decision.afterMs, attempt: decision.attempt });
    }
    await groupGone(pid);
    releaseGroup(pid);
    if (options.recordFolder !== undefined) removePidRecord(options.recordFolder, options.name);
    if (stopping) return change({ kind: 'stopped', exit });
    if (decision.kind === 'give_up') return change({ kind: 'ended', exit, error: endError(options.name, exit, decision.attempts) });
    attempts = decision.attempt;
    restarts += 1;
    restartTimer = setTimeout(() => {
      restartTimer = undefined;
      start().catch((error: unknown) => change({ kind: 'ended', exit, error: error instanceof Error ? error : new Error(String(error)) }));
    }, decision.afterMs);
  };

  await start();

  return {
    state: () => state,
    pid: () => leader?.pid ?? null,
    signal: (signal) => leader?.kill(signal) ?? false,
    async stop() {
      if (!stopping) {
        stopping = true;
        if (restartTimer !== undefined && state.kind === 'waiting') {
          clearTimeout(restartTimer);
          change({ kind: 'stopped', exit: state.exit });
        }
        leader?.kill(options.stopSignal ?? 'SIGTERM');
      }
      const timer = setTimeout(
        () => leader?.pid !== undefined && killGroup(leader.pid, 'SIGKILL'),
        options.stopDeadlineMs ?? STOP_DEADLINE_MS,
      );
      await end.promise;
      clearTimeout(timer);
    },
    ended: end.promise,
  };
}

async function launch(program: string, options: SuperviseOptions): Promise<{ process: ChildProcess; pid: number }> {
  const { command, args } = boundCommand({
    program,
    args: options.args,
    limits: options.limits ?? {},
    parentPid: process.pid,
    path: options.env['PATH'],
  });
  const output = options.onLine === undefined ? 'ignore' : 'pipe';
  const child = spawn(command, args, {
    detached: true,
    stdio: ['ignore', output, output],
    env: options.env,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const { pid } = child;
  // Before anything else: from here on our death is its death.
  if (pid !== undefined) guardGroup(pid);
  readLines(child, options.onLine);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Error(`${options.name}: could not start ${program}: ${cause.message}`, { cause })));
  });
  if (pid === undefined) throw new Error(`${options.name}: ${program} has no process id`);
  try {
    if (options.recordFolder !== undefined) writePidRecord(options.recordFolder, options.name, pid, program);
  } catch (cause) {
    killGroup(pid, 'SIGKILL');
    releaseGroup(pid);
    throw new Error(`${options.name}: could not keep a record of it in ${options.recordFolder}`, { cause });
  }
  return { process: child, pid };
}

function readLines(child: ChildProcess, onLine: SuperviseOptions['onLine']): void {
  if (onLine === undefined) return;
  for (const from of ['stdout', 'stderr'] as const) {
    const lines = lineCutter((line) => onLine(line, from));
    child[from]
      ?.setEncoding('utf8')
      .on('data', (text: string) => lines.push(text))
      .once('end', () => lines.end());
  }
}

function endError(name: string, exit: ChildExit, attempts: number): Error {
  const how = exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
  return new Error(attempts === 0 ? `${name} ended (${how})` : `${name} ended (${how}) and is given up after ${attempts} restarts`);
}
