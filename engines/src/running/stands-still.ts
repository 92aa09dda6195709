import { readdirSync, readFileSync } from 'node:fs';

/**
 * Whether every thread of a process is stopped (proc(5)). The signal is only sent when `kill` returns: a busy thread may still answer a
 * request. True where there is no /proc to look at.
 */
export function standsStill(pid: number): boolean {
  const folder = `/proc/${pid}/task`;
  let threads: string[];
  try {
    threads = readdirSync(folder);
  } catch {
    return true;
  }
  return threads.every((thread) => {
    try {
      const stat = readFileSync(`${folder}/${thread}/stat`, 'latin1');
      // The name is in parentheses and may hold anything, also parentheses.
      const [state] = stat.slice(stat.lastIndexOf(')') + 2);
      return state === 'T' || state === 't';
    } catch {
      return true; // The thread ended meanwhile.
    }
  });
}
