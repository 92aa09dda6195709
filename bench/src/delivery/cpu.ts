import { readdirSync, readFileSync } from 'node:fs';

/** Nanoseconds on a CPU of all threads of a process (Linux: /proc/<pid>/task/<tid>/schedstat, first field). */
export function cpuNsOfProcess(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, each) => sum + each, 0);
}

export function childrenOf(pid: number): number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return text === '' ? [] : text.split(' ').map(Number);
}
