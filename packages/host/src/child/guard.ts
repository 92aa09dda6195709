import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/**
 * Kills the process groups of this process's children when this process is gone, however it went. The kernel's death signal reaches
 * only direct children; an nginx whose master is killed leaves workers that hold its port. The guard is one small shell per process that
 * reads group ids from a pipe: the pipe ends when we do.
 */
const SCRIPT = `
groups=
while read -r what group; do
  kept=
  for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done
  groups=$kept
  [ "$what" = + ] && groups="$groups $group"
done
for each in $groups; do kill -s KILL -- "-$each" 2>/dev/null; done
`;

/** A guard that cannot stay alive is not started for ever: the death signal and the sweep at the next start remain. */
const REPLACEMENTS_MAX = 50;
let replacements = 0;
const groups = new Set<number>();
let guard: ChildProcess | null = null;

export function guardGroup(group: number): void {
  groups.add(group);
  tell(`+ ${group}\n`);
}

export function releaseGroup(group: number): void {
  if (!groups.delete(group)) return;
  if (groups.size > 0) return tell(`- ${group}\n`);
  // Nothing left to guard: the guard ends with its input, and killed nothing because its list is empty.
  const last = guard;
  guard = null;
  last?.stdin?.end(`- ${group}\n`);
}

function tell(line: string): void {
  if (guard === null) guard = startGuard();
  else guard.stdin?.write(line);
}

function startGuard(): ChildProcess {
  // A session of its own: the terminal's Ctrl-C must not reach it before it has done its work.
  const child = spawn('/bin/sh', ['-c', SCRIPT], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  });
  const replace = (): void => {
    if (guard !== child) return;
    guard = groups.size > 0 && replacements++ < REPLACEMENTS_MAX ? startGuard() : null;
  };
  child.once('error', () => {
    // No /bin/sh, or no process left: the death signal and the sweep at the next start remain.
    if (guard === child) guard = null;
  });
  child.once('exit', replace);
  child.stdin?.on('error', () => {
    // It was killed: `exit` follows and replaces it.
  });
  child.unref();
  if (child.stdin !== null && 'unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref();
  for (const group of groups) child.stdin?.write(`+ ${group}\n`);
  return child;
}
