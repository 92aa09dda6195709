import { readFile } from 'node:fs/promises';

/** CPU seconds, user and system, that this process and all its ended children have used so far (proc(5), stat, fields 14 to 17). */
export async function cpuSecondsUsed(): Promise<number> {
  const stat = await readFile('/proc/self/stat', 'utf8');
  // The second field is the program's name in brackets and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return ticks / TICKS_PER_SECOND;
}

/** USER_HZ, 100 on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

export type Measured = { readonly wallSeconds: number; readonly cpuSeconds: number };

/** Runs the work and measures it, children included. */
export async function measure<T>(work: (elapsedSeconds: () => number) => Promise<T>): Promise<Measured & { readonly result: T }> {
  const cpuBefore = await cpuSecondsUsed();
  const start = performance.now();
  const elapsedSeconds = (): number => (performance.now() - start) / 1000;
  const result = await work(elapsedSeconds);
  return { result, wallSeconds: elapsedSeconds(), cpuSeconds: (await cpuSecondsUsed()) - cpuBefore };
}
