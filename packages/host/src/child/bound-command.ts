import { findProgram } from './program.ts';

/** Kernel limits (setrlimit) for the child and each of its own children. */
export type ChildLimits = {
  /** Address space of one process. */
  readonly memoryBytes?: number;
  readonly cpuSeconds?: number;
  /** The largest file it may write. */
  readonly fileBytes?: number;
  readonly openFiles?: number;
};

// $0 is the pid of the parent. Death signals are armed from inside the child, so a parent that died before that is noticed by looking
// for it: the kernel has then already given the child another parent.
const WRAPPER = (limits: string): string => `[ "$PPID" = "$0" ] || exit 125; ${limits}exec "$@"`;

/**
 * The command line that runs a program so that the kernel kills it when its parent dies (`setpriv --pdeathsig`, util-linux), under limits.
 * Without setpriv the guard (guard.ts) alone does it, a few milliseconds later.
 */
export function boundCommand(options: {
  program: string;
  args: readonly string[];
  limits: ChildLimits;
  parentPid: number;
  path: string | undefined;
}): { command: string; args: string[] } {
  const shell = ['/bin/sh', '-c', WRAPPER(ulimits(options.limits)), String(options.parentPid), options.program, ...options.args];
  const setpriv = findProgram('setpriv', options.path);
  if (setpriv === null) return { command: '/bin/sh', args: shell.slice(1) };
  return { command: setpriv, args: ['--pdeathsig', 'KILL', '--', ...shell] };
}

function ulimits(limits: ChildLimits): string {
  const set: string[] = [];
  if (limits.memoryBytes !== undefined) set.push(`ulimit -v ${kibibytes('memoryBytes', limits.memoryBytes)}`);
  if (limits.cpuSeconds !== undefined) set.push(`ulimit -t ${whole('cpuSeconds', limits.cpuSeconds)}`);
  // POSIX counts files in blocks of 512 bytes.
  if (limits.fileBytes !== undefined) set.push(`ulimit -f ${Math.ceil(whole('fileBytes', limits.fileBytes) / 512)}`);
  if (limits.openFiles !== undefined) set.push(`ulimit -n ${whole('openFiles', limits.openFiles)}`);
  return set.map((command) => `${command} || exit 125; `).join('');
}

function kibibytes(name: string, bytes: number): number {
  return Math.ceil(whole(name, bytes) / 1024);
}

function whole(name: string, value: number): number {
  if (!Number.isSafeInteger(value) || value <= 0) throw new Error(`limit ${name} is ${value}: use a whole number above zero`);
  return value;
}
