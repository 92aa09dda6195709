import { readFileSync, readlinkSync } from 'node:fs';

/**
 * Names this process so that others on the machine can tell whether it still runs: process id, when it started (ids are used again), and
 * the namespace in which the id means something.
 */
export function processIdentity(): string {
  return `${process.pid}/${startedAt(process.pid) ?? 'unknown'}/${idNamespace()}`;
}

/** True only when it is certain: an identity from another container, or a system without /proc, is decided by its lease. */
export function isProcessGone(identity: string): boolean {
  const [pid, started, namespace] = identity.split('/');
  if (namespace !== idNamespace() || namespace === 'unknown' || started === 'unknown') return false;
  return startedAt(Number(pid)) !== started;
}

function startedAt(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold spaces; the start time is field 22 (proc(5)).
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function idNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return 'unknown';
  }
}
