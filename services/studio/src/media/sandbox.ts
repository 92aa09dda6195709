import { spawnSync } from 'node:child_process';

import type { ProcessLimits } from './limits.ts';

/** A program with its arguments, for `spawn` without a shell. */
export type Command = { readonly file: string; readonly args: readonly string[] };

/**
 * Puts a program into its cage by a chain of execs (one process, one id): killed with its parent, limits on memory, CPU and files, no core
 * dumps, low priority, and no network where the kernel lets us.
 */
export function caged(command: Command, limits: ProcessLimits, network: NetworkCage = networkCage()): Command {
  const chain = [
    ['setpriv', '--pdeathsig', 'KILL', '--'],
    [
      'prlimit',
      `--as=${limits.memoryBytes}`,
      `--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + CPU_GRACE_SECONDS}`,
      `--fsize=${limits.fileBytes}`,
      '--core=0',
      '--',
    ],
    ['nice', '-n', String(NICENESS)],
    network,
    [command.file],
  ].flat();
  const [file = command.file, ...args] = chain;
  return { file, args: [...args, ...command.args] };
}

/** Serving viewers goes before preparing films. */
const NICENESS = 5;

/** Between the signal that a program may catch and the one it cannot: ffmpeg catches the first and says so, which tells us why it ended. */
const CPU_GRACE_SECONDS = 5;

export type NetworkCage = readonly string[];

/**
 * How a program is started without a network here: as root, in a user namespace of its own, or not at all (hardened containers), where
 * the protocol list given to ffmpeg is what keeps it from the network. Tried once per process.
 */
export function networkCage(): NetworkCage {
  cage ??= CAGES.find(([file = '', ...args]) => spawnSync(file, [...args, 'true'], { stdio: 'ignore', timeout: 5000 }).status === 0) ?? [];
  return cage;
}

let cage: NetworkCage | null = null;
const CAGES: readonly NetworkCage[] = [
  ['unshare', '--net', '--'],
  ['unshare', '--map-current-user', '--net', '--'],
];
