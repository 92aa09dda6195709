import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/** What /proc tells of a process (proc(5)). */
export type ProcessInfo = {
  readonly pid: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks after boot: with the pid, it names a process for as long as the machine is up. */
  readonly startTicks: number;
  readonly zombie: boolean;
};

/** Null when there is no such process, or no /proc. */
export function readProcess(pid: number): ProcessInfo | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return null;
  }
  // The name is in parentheses and may hold anything, also parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, , group, session] = fields;
  const startTicks = fields[19];
  if (state === undefined || group === undefined || session === undefined || startTicks === undefined) return null;
  return { pid, group: Number(group), session: Number(session), startTicks: Number(startTicks), zombie: state === 'Z' || state === 'X' };
}

export function processesOfGroup(group: number): readonly ProcessInfo[] {
  return listPids()
    .map(readProcess)
    .filter((info): info is ProcessInfo => info !== null && info.group === group && !info.zombie);
}

/** The program that a process runs, null when it cannot be seen. */
export function programOf(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return null;
  }
}

/** Changes with every boot; empty where the system does not tell. */
export function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return '';
  }
}

/** True when there was a process to signal. */
export function killGroup(group: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-group, signal);
    return true;
  } catch {
    return false;
  }
}

function listPids(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid > 0);
  } catch {
    return [];
  }
}
